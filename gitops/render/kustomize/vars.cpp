// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/vars.h"

#include "gitops/render/kustomize/fieldpath.h"
#include "gitops/render/kustomize/transformerconfig.h"

#include <algorithm>
#include <unordered_map>

namespace gitops::kustomize {

using core::YamlNode;
using core::YamlTag;

namespace {

struct PodHolder
{
    const char* kind;
    const char* podSpec;
    const char* nfsServer;
};

std::vector<FieldSpec> builtinReferences()
{
    std::vector<FieldSpec> specs;
    const auto add = [&](const std::string& path, const char* kind) {
        specs.push_back(makeFieldSpec(path, {"", "", kind}));
    };
    const char* const kTemplate = "spec/template/spec/";
    for (const PodHolder& holder :
         {PodHolder {"CronJob", "spec/jobTemplate/spec/template/spec/",
                     "spec/jobTemplate/spec/template/volumes/nfs/server"},
          PodHolder {"DaemonSet", kTemplate, "spec/template/spec/volumes/nfs/server"},
          PodHolder {"Deployment", kTemplate, "spec/template/spec/volumes/nfs/server"},
          PodHolder {"Job", kTemplate, "spec/template/spec/volumes/nfs/server"},
          PodHolder {"Pod", "spec/", "spec/volumes/nfs/server"},
          PodHolder {"ReplicaSet", kTemplate, "spec/template/spec/volumes/nfs/server"},
          PodHolder {"StatefulSet", kTemplate, "spec/volumeClaimTemplates/spec/nfs/server"}}) {
        for (const char* list : {"containers/", "initContainers/"})
            for (const char* field : {"args", "command", "env/value", "volumeMounts/mountPath"})
                add(std::string(holder.podSpec) + list + field, holder.kind);
        add(holder.nfsServer, holder.kind);
    }
    add("spec/template/metadata/annotations", "Deployment");
    for (const char* path : {"spec/rules/host", "spec/tls/hosts", "spec/tls/secretName"})
        add(path, "Ingress");
    add("spec/ports/port", "Service");
    add("spec/ports/targetPort", "Service");
    add("spec/nfs/server", "PersistentVolume");
    add("metadata/labels", "");
    add("metadata/annotations", "");
    return specs;
}

class Replacer
{
public:
    explicit Replacer(BuildContext& context)
        : m_context(context)
    {
    }

    std::unordered_map<std::string, const YamlNode*> values;

    core::Result<void> set(YamlNode& node)
    {
        if (node.isMapping()) {
            for (std::size_t i = 0; i < node.size(); ++i) {
                if (!node.key(i)->isString())
                    return m_context.invalid("a mapping key must be a string", node.key(i));
                replace(*node.value(i));
            }
        } else if (node.isSequence()) {
            for (std::uint32_t i = 0; i < node.count; ++i) {
                if (!node.item(i)->isString())
                    return m_context.invalid("the item must be a string", node.item(i));
                replace(*node.item(i));
            }
        } else {
            replace(node);
        }
        return {};
    }

private:
    void replace(YamlNode& node)
    {
        if (!node.isString())
            return;
        const std::string_view text = node.text;
        std::string out;
        std::size_t done = 0;
        for (std::size_t at = 0; at + 1 < text.size(); ++at) {
            if (text[at] != '$')
                continue;
            out.append(text, done, at - done);
            const std::size_t close =
                text[at + 1] == '(' ? text.find(')', at + 2) : std::string_view::npos;
            if (close == std::string_view::npos) {
                // "$$" is a dollar; anything else stays as it is.
                out += text[at + 1] == '$' ? "$" : std::string(text.substr(at, 2));
                done = at + 2;
                ++at;
                continue;
            }
            const std::string name(text.substr(at + 2, close - at - 2));
            const auto known = values.find(name);
            if (known != values.end() && at == 0 && close + 1 == text.size()) {
                // A reference by itself takes the type too.
                node.text = known->second->text;
                node.tag = known->second->tag;
                node.style = YamlNode::Style::Plain;
                return;
            }
            // What would grow past all measure stays as it is written.
            if (out.size() > kMostTextBytes)
                return;
            out += known == values.end() ? "$(" + name + ")" : std::string(known->second->text);
            done = close + 1;
            at = close;
        }
        out.append(text.substr(done));
        if (out == text)
            return;
        node.text = m_context.yaml.store(out);
        node.style = YamlNode::Style::Plain;
    }

    BuildContext& m_context;
};

/// "a.b[1].c": an index may stand at the end of a name.
std::vector<std::string> withIndices(const std::vector<std::string>& path)
{
    std::vector<std::string> result;
    for (const std::string& part : path) {
        const std::size_t open = part.find('[');
        if (open == 0 || open == std::string::npos || !part.ends_with(']')) {
            result.push_back(part);
            continue;
        }
        result.push_back(part.substr(0, open));
        result.push_back(part.substr(open + 1, part.size() - open - 2));
    }
    return result;
}

bool isMeant(const ResourceId& id, const Var& var)
{
    const ResourceId wanted {.gvk = var.gvk, .name = var.object, .namespaceName = var.space};
    if (id.name != wanted.name || id.gvk != wanted.gvk)
        return false;
    const bool wantsNamespace = !wanted.namespaceName.empty() || wanted.isClusterScoped();
    return !wantsNamespace || id.effectiveNamespace() == wanted.effectiveNamespace();
}

} // namespace

core::Result<void> bindVars(BuildContext& context, const ResourceMap& resources,
                            const std::vector<Var>& vars)
{
    for (const Var& var : vars) {
        Resource* found = nullptr;
        for (const ResourcePtr& resource : resources.all()) {
            const auto& ids = resource->previousIds();
            if (!isMeant(resource->id(), var)
                && std::none_of(ids.begin(), ids.end(),
                                [&](const ResourceId& id) { return isMeant(id, var); }))
                continue;
            if (found)
                return context.invalid("the var '" + var.name + "' could mean several objects",
                                       var.from);
            found = resource.get();
        }
        if (found)
            found->varNames.push_back(var.name);
    }
    return {};
}

core::Result<void> resolveVars(BuildContext& context, ResourceMap& resources,
                               const std::vector<Var>& vars,
                               const std::vector<FieldSpec>& extraReferences)
{
    if (vars.empty())
        return {};
    Replacer replacer(context);
    for (const Var& var : vars) {
        const auto found = std::find_if(
            resources.all().begin(), resources.all().end(), [&](const ResourcePtr& resource) {
                return std::find(resource->varNames.begin(), resource->varNames.end(), var.name)
                    != resource->varNames.end();
            });
        if (found == resources.all().end())
            return context.invalid("no object is what the var '" + var.name + "' names", var.from);
        YamlNode* field = findField(*(*found)->node(), withIndices(splitFieldPath(var.fieldPath)));
        if (!field)
            return context.invalid((*found)->id().text() + " has no field '" + var.fieldPath
                                       + "' for the var '" + var.name + "'",
                                   var.from);
        // What is no scalar is never put anywhere.
        if (field->isScalar() && !field->isNull())
            replacer.values.emplace(var.name, context.yaml.copy(*field));
    }
    static const std::vector<FieldSpec> kBuiltin = builtinReferences();
    const std::vector<FieldSpec> specs = joinedSpecs(kBuiltin, extraReferences);
    const FieldSetter set = [&](YamlNode& node) -> core::Result<void> {
        return node.isNull() ? core::Result<void> {} : replacer.set(node);
    };
    for (const ResourcePtr& resource : resources.all())
        for (const FieldSpec& spec : specs)
            if (auto done = applyFieldSpec(context.yaml, spec, *resource, {}, set); !done)
                return done;
    for (const ResourcePtr& resource : resources.all())
        resource->refresh();
    resources.idsChanged();
    return {};
}

} // namespace gitops::kustomize
