// SPDX-License-Identifier: GPL-3.0-or-later
// Stands in for libFuzzer where there is none (GCC): runs a target over a folder of inputs, then
// over mutations of them, always the same ones. An input that crashes or hangs is left in the
// working folder.
//   fuzz_yaml tests/data/fuzz/yaml [RUNS]
//   fuzz_yaml FILE                          (one input, as libFuzzer's programs do)
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" void __sanitizer_set_death_callback(void (*)()) __attribute__((weak));

namespace {

constexpr std::size_t kMost = 1u << 16;
constexpr unsigned kSecondsEach = 60; // of a busy machine
constexpr int kRuns = 3000;

std::string current; // the input that runs now
std::string crashFile; // made before anything runs: a handler may not

void keepInput()
{
    const int file = ::open(crashFile.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0)
        return;
    const bool isKept = ::write(file, current.data(), current.size()) == ssize_t(current.size());
    ::close(file);
    if (isKept) {
        static constexpr std::string_view kKept = "the input is kept in the working folder as ";
        (void)!::write(2, kKept.data(), kKept.size());
        (void)!::write(2, crashFile.data(), crashFile.size());
        (void)!::write(2, "\n", 1);
    }
}

extern "C" void onSignal(int signal)
{
    ::signal(signal, SIG_DFL);
    keepInput();
    ::raise(signal);
}

void run(const std::string& input)
{
    current = input;
    ::alarm(kSecondsEach);
    // A copy of its own size: what reads past its end is seen.
    const std::vector<std::uint8_t> bytes(input.begin(), input.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    ::alarm(0);
}

/// What readers trip over.
const std::vector<std::string>& words()
{
    static const std::vector<std::string> all {
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        ":",
        ": ",
        "- ",
        "\n",
        "---\n",
        "...\n",
        "&a ",
        "*a",
        "<<: *a",
        "|\n",
        ">-\n",
        "#",
        "!!str ",
        "\t",
        "\\u0000",
        "\xff",
        "\xc3",
        "\xed",
        "null",
        "true",
        "NaN",
        "-1",
        "1e999",
        "0x",
        "1_0",
        "~",
        "%s",
        "%",
        "/",
        "..",
        "../",
        "://",
        "@",
        "\r\n",
        "\"\"",
        "[]",
        "{}",
        "${X}",
        "$(",
        "`",
        "**",
        "?",
        "(",
        ")",
        "=",
        ",",
        ";",
        "metadata",
        "name",
        "spec",
        "items",
        "kind",
        "value",
        "9223372036854775808",
        "18446744073709551615",
    };
    static const std::vector<std::string> withNul = [] {
        std::vector<std::string> out = all;
        out.emplace_back(1, '\0');
        return out;
    }();
    return withNul;
}

class Mutator
{
public:
    Mutator(std::vector<std::string> seeds, unsigned seed)
        : m_pool(std::move(seeds))
        , m_random(seed)
    {
    }
    std::string next()
    {
        std::string text = m_pool[below(m_pool.size())];
        const bool keepsForm = below(2) == 0; // most of what is broken stops at the first byte
        for (std::size_t i = 1 + below(6); i > 0; --i)
            keepsForm ? exchange(text) : mutate(text);
        text.resize(std::min(text.size(), kMost));
        if (m_pool.size() < 500 && below(8) == 0)
            m_pool.push_back(text); // goes further from where it is
        return text;
    }

private:
    std::size_t below(std::size_t limit) { return limit ? m_random() % limit : 0; }
    std::string piece(const std::string& of)
    {
        const std::size_t from = below(of.size());
        return of.substr(from, 1 + below(std::min<std::size_t>(of.size() - from, 64)));
    }
    /// A word, or what stands in a pair of brackets or quotes, from a place in the text on.
    static std::pair<std::size_t, std::size_t> unitFrom(const std::string& text, std::size_t at)
    {
        static constexpr std::string_view kOpen = "{[(\"'";
        static constexpr std::string_view kClose = "}])\"'";
        at = std::min(text.find_first_not_of(" \n\t,:;=}])", at), text.size());
        const std::size_t pair = at < text.size() ? kOpen.find(text[at]) : kOpen.npos;
        if (pair == kOpen.npos)
            return {at, std::min(text.find_first_of(" \n\t,:;={}[]()\"'", at), text.size())};
        int depth = 0;
        for (std::size_t i = at; i < text.size(); ++i) {
            if (i > at && text[i] == kClose[pair] && --depth <= 0)
                return {at, i + 1};
            depth += text[i] == kOpen[pair] ? 1 : 0;
        }
        return {at, text.size()};
    }
    /// One unit for another.
    void exchange(std::string& text)
    {
        const auto [from, to] = unitFrom(text, below(text.size()));
        const std::string& other = m_pool[below(m_pool.size())];
        const auto [otherFrom, otherTo] = unitFrom(other, below(other.size()));
        static const std::vector<std::string> values {
            "null",    "true",    "0",           "-1",    "1e308",   "9223372036854775807",
            "\"\"",    "{}",      "[]",          "[{}]",  "\"a\"",   "\"*\"",
            "\"1Gi\"", "\"-5m\"", "\"\\u0000\"", "\"é\"", "\"a/b\"", "\"true\""};
        const std::string next = below(3) == 0 ? values[below(values.size())]
                                               : other.substr(otherFrom, otherTo - otherFrom);
        text.replace(from, to - from, next);
    }
    void mutate(std::string& text)
    {
        const std::size_t at = below(text.size() + 1);
        switch (below(8)) {
        case 0:
            if (at < text.size())
                text[at] = char(text[at] ^ (1 << below(8)));
            break;
        case 1:
            text.erase(at, 1 + below(16));
            break;
        case 2:
            text.insert(at, words()[below(words().size())]);
            break;
        case 3:
            text.insert(at, piece(text));
            break;
        case 4:
            text.insert(at, piece(m_pool[below(m_pool.size())]));
            break;
        case 5:
            text.resize(at);
            break;
        case 6: {
            const std::string part = piece(text);
            for (std::size_t i = below(200); i > 0 && text.size() < kMost; --i)
                text.insert(at, part);
            break;
        }
        default:
            if (at < text.size())
                text[at] = char(below(256));
        }
    }

    std::vector<std::string> m_pool;
    std::mt19937 m_random;
};

std::vector<std::string> inputsIn(const std::filesystem::path& place)
{
    std::vector<std::filesystem::path> files;
    if (std::filesystem::is_directory(place))
        for (const auto& entry : std::filesystem::recursive_directory_iterator(place))
            files.push_back(entry.path());
    else
        files.push_back(place);
    std::ranges::sort(files);
    std::vector<std::string> out;
    for (const auto& file : files)
        if (std::ifstream in(file, std::ios::binary); in && std::filesystem::is_regular_file(file))
            out.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    return out;
}

} // namespace

int main(int argc, char** argv)
{
    const std::filesystem::path place = argc > 1 ? argv[1] : "";
    std::vector<std::string> inputs = inputsIn(place);
    if (argc < 2 || inputs.empty()) {
        std::fprintf(stderr, "usage: %s FOLDER|FILE [RUNS]\n", argv[0]);
        return 64;
    }
    crashFile = std::filesystem::path(argv[0]).filename().string() + ".input";
    for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGALRM, SIGILL})
        std::signal(signal, onSignal);
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(keepInput);
    for (const std::string& input : inputs)
        run(input);
    const int runs = argc > 2 ? std::atoi(argv[2]) : kRuns;
    const bool isFolder = std::filesystem::is_directory(place);
    Mutator mutator(inputs, 1);
    for (int i = 0; isFolder && i < runs; ++i)
        run(mutator.next());
    std::printf("%zu inputs and %d mutations of them ran\n", inputs.size(), isFolder ? runs : 0);
    return 0;
}
