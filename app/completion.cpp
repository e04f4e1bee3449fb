// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline.h"

#include <functional>

namespace app {

namespace {

std::vector<std::string> namesOf(const VerbWords& verb)
{
    std::vector<std::string> out;
    for (const VerbWords::Option& option : verb.options)
        out.insert(out.end(), option.names.begin(), option.names.end());
    return out;
}

std::string joined(const std::vector<std::string>& words)
{
    std::string out;
    for (const std::string& word : words)
        out += (out.empty() ? "" : " ") + word;
    return out;
}

/// For a shell's single quotes.
std::string quoted(const std::string& text)
{
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

/// Lines of a case over verb and the word before, for bash and zsh: what that word may be followed
/// by. format makes the command from the words.
std::string valueCases(const std::function<std::string(const std::string&)>& command)
{
    std::string cases;
    for (const VerbWords& verb : verbWords()) {
        for (const VerbWords::Option& option : verb.options)
            if (!option.values.empty())
                for (const std::string& name : option.names)
                    cases += "    " + verb.name + ":" + name + ") " + command(joined(option.values))
                        + "; return ;;\n";
        if (!verb.values.empty())
            cases += "    " + verb.name + ":" + verb.name + ") " + command(joined(verb.values))
                + "; return ;;\n";
    }
    return cases;
}

/// "diff|sync|…": the verbs whose argument names applications.
std::string applicationVerbs()
{
    std::string out;
    for (const VerbWords& verb : verbWords())
        if (verb.takesApplications)
            out += (out.empty() ? "" : "|") + verb.name;
    return out;
}

/// Those that a Wavewright of the same state folder reconciles; none where none runs.
const std::string kApplications = "wavewright status -o name 2>/dev/null";

std::string bashScript()
{
    std::string verbs;
    std::string cases;
    for (const VerbWords& verb : verbWords()) {
        verbs += verb.name + " ";
        cases += "    " + verb.name + ") options=\"" + joined(namesOf(verb)) + "\" ;;\n";
    }
    const auto words = [](const std::string& list) {
        return "COMPREPLY=($(compgen -W \"" + list + "\" -- \"$word\"))";
    };
    return "# bash completion for wavewright\n"
           "_wavewright() {\n"
           "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options=\n"
           "  if [ \"$COMP_CWORD\" = 1 ]; then "
        + words(verbs)
        + "; return; fi\n"
          "  case \"${COMP_WORDS[1]}:$before\" in\n"
        + valueCases(words)
        + "  esac\n"
          "  case \"${COMP_WORDS[1]}\" in\n"
        + cases
        + "  esac\n"
          "  if [[ $word != -* && $before != -* ]]; then\n"
          "    case \"${COMP_WORDS[1]}\" in\n"
          "      "
        + applicationVerbs() + ") " + words("$(" + kApplications + ")")
        + "; return ;;\n"
          "    esac\n"
          "  fi\n"
          "  case \"$word\" in\n"
          "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
          "    *) compopt -o filenames 2>/dev/null\n"
          "       local IFS=$'\\n'; COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
          "  esac\n"
          "}\n"
          "complete -F _wavewright wavewright\n";
}

/// Works both from a folder of $fpath and when it is sourced.
std::string zshScript()
{
    std::string verbs;
    std::string cases;
    for (const VerbWords& verb : verbWords()) {
        verbs += "    " + quoted(verb.name + ":" + verb.help) + "\n";
        cases += "    " + verb.name + ") compadd -- " + joined(namesOf(verb)) + " ;;\n";
    }
    return "#compdef wavewright\n"
           "_wavewright() {\n"
           "  local -a verbs=(\n"
        + verbs
        + "  )\n"
          "  if (( CURRENT == 2 )); then _describe verb verbs; return; fi\n"
          "  case \"$words[2]:$words[CURRENT-1]\" in\n"
        + valueCases([](const std::string& list) { return "compadd -- " + list; })
        + "  esac\n"
          "  if [[ $words[CURRENT] == -* ]]; then\n"
          "    case $words[2] in\n"
        + cases
        + "    esac\n"
          "  else\n"
          "    if [[ $words[CURRENT-1] != -* ]]; then\n"
          "      case $words[2] in\n"
          "        "
        + applicationVerbs() + ") compadd -- ${(f)\"$(" + kApplications
        + ")\"}; return ;;\n"
          "      esac\n"
          "    fi\n"
          "    _files\n"
          "  fi\n"
          "}\n"
          "if [[ \"$funcstack[1]\" == _wavewright ]]; then _wavewright \"$@\"\n"
          "else compdef _wavewright wavewright; fi\n";
}

std::string fishScript()
{
    std::string out = "# fish completion for wavewright\n";
    for (const VerbWords& verb : verbWords()) {
        out += "complete -c wavewright -f -n __fish_use_subcommand -a " + verb.name + " -d "
            + quoted(verb.help) + "\n";
        const std::string begin =
            "complete -c wavewright -n '__fish_seen_subcommand_from " + verb.name + "'";
        for (const VerbWords::Option& option : verb.options) {
            out += begin;
            for (const std::string& name : option.names)
                out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
            if (!option.values.empty())
                out += " -x -a " + quoted(joined(option.values));
            else if (option.takesValue)
                out += " -r";
            out += " -d " + quoted(option.help) + "\n";
        }
        if (!verb.values.empty())
            out += begin + " -f -a " + quoted(joined(verb.values)) + "\n";
        if (verb.takesApplications)
            out += begin + " -f -a '(" + kApplications + ")'\n";
    }
    return out;
}

} // namespace

std::string completionScript(const std::string& shell)
{
    if (shell == "bash")
        return bashScript();
    if (shell == "zsh")
        return zshScript();
    return shell == "fish" ? fishScript() : "";
}

} // namespace app
