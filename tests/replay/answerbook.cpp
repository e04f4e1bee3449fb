// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/answerbook.h"

#include "tests/replay/replayer.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace tests {

namespace {

namespace fs = std::filesystem;

std::string contentOf(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string shortened(const std::string& text)
{
    constexpr std::size_t longest = 600;
    if (text.empty())
        return "nothing";
    return text.size() <= longest ? text : text.substr(0, longest) + "…";
}

} // namespace

core::Result<AnswerBook> AnswerBook::open(fs::path folder, const std::string& only)
{
    AnswerBook book;
    book.m_folder = std::move(folder);
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(book.m_folder / "scripts", error))
        if (entry.path().extension() == ".yaml")
            files.push_back(entry.path());
    std::ranges::sort(files);
    for (const fs::path& path : files) {
        const std::string file = path.stem().string();
        auto scripts = readScripts(contentOf(path), file);
        if (!scripts)
            return std::unexpected(std::move(scripts).error());
        for (RequestScript& script : *scripts)
            if ((file + "/" + script.name).find(only) != std::string::npos)
                book.m_scripts.push_back(std::move(script));
        const auto answers =
            core::parseJson(contentOf(book.m_folder / "answers" / (file + ".json")));
        if (answers && answers->is_object())
            book.m_recorded[file] = answers->get_object();
    }
    for (const auto& [file, list] :
         {std::pair("intended.yaml", &book.m_intended), std::pair("open.yaml", &book.m_open)}) {
        auto known = readIntended(contentOf(book.m_folder / file), file);
        if (!known)
            return std::unexpected(std::move(known).error());
        *list = std::move(*known);
    }
    return book;
}

core::Result<void> AnswerBook::ask(gitops::Transport& transport)
{
    m_asked.clear();
    m_failures.clear();
    Replayer replayer(transport);
    for (const RequestScript& script : m_scripts) {
        auto answers = replayer.replay(script);
        if (answers)
            m_asked[script.file][script.name] = std::move(*answers);
        else
            m_failures.push_back(
                {script.file + "/" + script.name, "answers", answers.error().text()});
    }
    return {};
}

std::vector<AnswerDifference> AnswerBook::differences() const
{
    std::vector<AnswerDifference> all = m_failures;
    for (const auto& [file, scripts] : m_asked)
        for (const auto& [script, answers] : scripts) {
            const std::string where = file + "/" + std::string(script);
            const auto recorded = m_recorded.find(file);
            const core::Json* known =
                recorded == m_recorded.end() ? nullptr : recorded->second.if_contains(script);
            if (!known || !known->is_array()
                || known->get_array().size() != answers.get_array().size()) {
                all.push_back({where, "another count of steps: record it anew", "answers"});
                continue;
            }
            for (std::size_t i = 0; i < answers.get_array().size(); ++i) {
                const auto found = differencesOf(known->get_array()[i], answers.get_array()[i],
                                                 where + "/" + std::to_string(i + 1));
                all.insert(all.end(), found.begin(), found.end());
            }
        }
    return all;
}

core::Result<void> AnswerBook::record() const
{
    std::error_code error;
    fs::create_directories(m_folder / "answers", error);
    for (const auto& [file, scripts] : m_asked) {
        core::JsonObject answers;
        if (const auto before = m_recorded.find(file); before != m_recorded.end())
            answers = before->second;
        for (const auto& [script, answer] : scripts)
            answers[script] = answer;
        std::ofstream out(m_folder / "answers" / (file + ".json"), std::ios::binary);
        out << toReadableText(answers);
        if (!out.flush())
            return core::failure(core::ErrorCode::Disk, "the answers could not be written",
                                 {.file = file});
    }
    return {};
}

std::size_t AnswerBook::requests() const
{
    std::size_t count = 0;
    for (const RequestScript& script : m_scripts)
        count += script.steps.size();
    return count;
}

std::string toText(const std::vector<AnswerDifference>& differences, std::size_t most)
{
    std::string text;
    for (std::size_t i = 0; i < std::min(most, differences.size()); ++i) {
        const AnswerDifference& each = differences[i];
        text += each.where + "\n    recorded " + shortened(each.recorded) + "\n    answered "
            + shortened(each.got) + "\n";
    }
    if (differences.size() > most)
        text += "and " + std::to_string(differences.size() - most) + " more\n";
    return text;
}

} // namespace tests
