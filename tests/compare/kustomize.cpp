// SPDX-License-Identifier: GPL-3.0-or-later
// kustomize [--kubectl PROGRAM] [--unrestricted] [--most N] [--seconds N] DIR…: renders every
// kustomization below the folders with Wavewright and with kubectl, compares bytes and exit status,
// prints the first difference of each and a count. Each DIR is the root of its tree: what lies
// outside cannot be read. --most takes so many of each DIR, evenly spread; --seconds is how long
// one kubectl may take (30). What needs the network is counted apart and not given to kubectl.
#include "gitops/render/renderer.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

namespace fs = std::filesystem;

constexpr int kKilled = 128;

struct Output
{
    int status = 0;
    std::string text;
    std::string error;
};

std::string contentOf(const fs::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// The exit status of a child, which is killed when its time is up.
int waitFor(pid_t child, int seconds)
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (std::chrono::steady_clock::now() > end)
            kill(child, SIGKILL);
        usleep(2000);
    }
    return status;
}

/// Runs kubectl kustomize without a shell.
Output runKubectl(const std::string& kubectl, const std::string& folder, bool restrictLoads,
                  int seconds)
{
    const fs::path base =
        fs::temp_directory_path() / ("compare-kustomize-" + std::to_string(getpid()));
    const std::string out = base.string() + ".out";
    const std::string err = base.string() + ".err";
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        if (!std::freopen(out.c_str(), "w", stdout) || !std::freopen(err.c_str(), "w", stderr))
            _exit(126);
        if (restrictLoads)
            execlp(kubectl.c_str(), kubectl.c_str(), "kustomize", folder.c_str(), nullptr);
        else
            execlp(kubectl.c_str(), kubectl.c_str(), "kustomize", "--load-restrictor",
                   "LoadRestrictionsNone", folder.c_str(), nullptr);
        _exit(127);
    }
    const int status = waitFor(child, seconds);
    Output result {.status = WIFEXITED(status) ? WEXITSTATUS(status) : kKilled,
                   .text = contentOf(out),
                   .error = contentOf(err)};
    fs::remove(out);
    fs::remove(err);
    return result;
}

void printFirstDifference(const std::string& ours, const std::string& theirs)
{
    std::istringstream a(ours);
    std::istringstream b(theirs);
    std::string lineA;
    std::string lineB;
    for (int line = 1;; ++line) {
        const bool hasA = bool(std::getline(a, lineA));
        const bool hasB = bool(std::getline(b, lineB));
        if (!hasA && !hasB)
            return;
        if (hasA == hasB && lineA == lineB)
            continue;
        std::printf("  line %d\n  ours:   %s\n  theirs: %s\n", line,
                    hasA ? lineA.substr(0, 200).c_str() : "(end)",
                    hasB ? lineB.substr(0, 200).c_str() : "(end)");
        return;
    }
}

std::vector<fs::path> kustomizationsBelow(const fs::path& root)
{
    std::vector<fs::path> folders;
    std::error_code error;
    for (fs::recursive_directory_iterator at(root, error), end; at != end; at.increment(error)) {
        const std::string name = at->path().filename().string();
        if (name == ".git")
            at.disable_recursion_pending();
        if (at->is_directory(error))
            continue;
        if (name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization")
            folders.push_back(at->path().parent_path());
    }
    std::sort(folders.begin(), folders.end());
    folders.erase(std::unique(folders.begin(), folders.end()), folders.end());
    return folders;
}

struct Count
{
    int equal = 0;
    int bothFail = 0;
    int differ = 0;
    int onlyOurs = 0;
    int onlyTheirs = 0;
    int remote = 0;
    int tooSlow = 0; ///< kubectl took too long
    int ciphertext = 0; ///< what is encrypted, or waits for a plugin, is refused here on purpose
    double ourSeconds = 0;
    double theirSeconds = 0;
};

class Comparison
{
public:
    Comparison(std::string kubectl, bool restrictLoads, int seconds)
        : m_kubectl(std::move(kubectl))
        , m_restrictLoads(restrictLoads)
        , m_seconds(seconds)
    {
    }

    void compare(const gitops::FileTreePtr& tree, const fs::path& root, const fs::path& folder)
    {
        using Clock = std::chrono::steady_clock;
        const std::string relative = fs::relative(folder, root).string();
        const auto start = Clock::now();
        const auto ours = gitops::render(
            {.tree = tree, .path = relative, .source = {}, .restrictLoads = m_restrictLoads});
        const auto middle = Clock::now();
        if (!ours
            && ours.error().message.find("remote sources are not loaded") != std::string::npos) {
            ++m_count.remote;
            return;
        }
        const Output theirs = runKubectl(m_kubectl, folder.string(), m_restrictLoads, m_seconds);
        m_count.ourSeconds += std::chrono::duration<double>(middle - start).count();
        m_count.theirSeconds += std::chrono::duration<double>(Clock::now() - middle).count();
        judge(folder, ours, theirs);
    }

    const Count& count() const { return m_count; }

private:
    void judge(const fs::path& folder, const core::Result<gitops::RenderedPtr>& ours,
               const Output& theirs)
    {
        const std::string reason = theirs.error.substr(0, 300);
        if (theirs.status == kKilled) {
            ++m_count.tooSlow;
        } else if (!ours && theirs.status == 0
                   && (ours.error().message.find("is encrypted with SOPS") != std::string::npos
                       || ours.error().message.find("a vault plugin") != std::string::npos)) {
            ++m_count.ciphertext;
        } else if (!ours && theirs.status != 0) {
            ++m_count.bothFail;
        } else if (!ours) {
            ++m_count.onlyTheirs;
            std::printf("ONLY THEIRS %s\n  ours: %s\n", folder.c_str(),
                        ours.error().text().c_str());
        } else if (theirs.status != 0) {
            ++m_count.onlyOurs;
            std::printf("ONLY OURS %s\n  theirs: %s\n", folder.c_str(), reason.c_str());
        } else if ((*ours)->yaml == theirs.text) {
            ++m_count.equal;
        } else {
            ++m_count.differ;
            std::printf("DIFFER %s\n", folder.c_str());
            printFirstDifference((*ours)->yaml, theirs.text);
        }
    }

    std::string m_kubectl;
    bool m_restrictLoads;
    int m_seconds;
    Count m_count;
};

} // namespace

int main(int argc, char** argv)
{
    std::vector<std::string> roots;
    std::string kubectl = "kubectl";
    bool restrictLoads = true;
    std::size_t most = ~std::size_t(0);
    int seconds = 30;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument == "--kubectl" && i + 1 < argc)
            kubectl = argv[++i];
        else if (argument == "--most" && i + 1 < argc)
            most = std::stoul(argv[++i]);
        else if (argument == "--seconds" && i + 1 < argc)
            seconds = std::stoi(argv[++i]);
        else if (argument == "--unrestricted")
            restrictLoads = false;
        else
            roots.push_back(argument);
    }
    if (roots.empty()) {
        std::fprintf(stderr, "usage: kustomize [--kubectl PROGRAM] [--unrestricted] DIR...\n");
        return 64;
    }
    Comparison comparison(kubectl, restrictLoads, seconds);
    for (const std::string& root : roots) {
        const auto tree = gitops::openDiskTree(root);
        if (!tree) {
            std::fprintf(stderr, "%s\n", tree.error().text().c_str());
            return 2;
        }
        const std::vector<fs::path> folders = kustomizationsBelow(root);
        const std::size_t count = std::min(most, folders.size());
        for (std::size_t i = 0; i < count; ++i)
            comparison.compare(*tree, root, folders[i * folders.size() / count]);
    }
    const Count& count = comparison.count();
    std::printf("%d equal, %d fail in both, %d differ, %d only ours, %d only theirs, %d need the "
                "network, %d too slow in kubectl, %d refused ciphertext; "
                "%.1f s against %.1f s\n",
                count.equal, count.bothFail, count.differ, count.onlyOurs, count.onlyTheirs,
                count.remote, count.tooSlow, count.ciphertext, count.ourSeconds,
                count.theirSeconds);
    return count.differ + count.onlyOurs + count.onlyTheirs == 0 ? 0 : 1;
}
