// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace core {

/// Argo CD's spec.source.kustomize (argo-cd pkg/apis/application/v1alpha1/types.go).
struct KustomizeOptions
{
    std::string namePrefix;
    std::string nameSuffix;
    std::string namespaceName;
    std::vector<std::string> images; ///< "name=newName:tag" or "name:tag"
    std::vector<std::pair<std::string, int>> replicas;
    std::map<std::string, std::string> commonLabels;
    std::map<std::string, std::string> commonAnnotations;
    std::vector<std::string>
        patches; ///< each one patch entry as YAML text: {patch, path, target, options}
    std::vector<std::string> components;
    bool forceCommonLabels = false; ///< else a label that the kustomization has is an error
    bool forceCommonAnnotations = false;
    bool commonAnnotationsEnvsubst = false;
    bool labelWithoutSelector = false;
    bool labelIncludeTemplates = false; ///< with labelWithoutSelector
    bool ignoreMissingComponents = false;
    bool isEmpty() const
    {
        return namePrefix.empty() && nameSuffix.empty() && namespaceName.empty() && images.empty()
            && replicas.empty() && commonLabels.empty() && commonAnnotations.empty()
            && patches.empty() && components.empty();
    }
};

/// Argo CD's spec.source.directory.
struct DirectoryOptions
{
    bool recurse = false;
    std::string include; ///< glob, or "{a,b}"
    std::string exclude;
    bool disableExtensionFilter = false; ///< else .yaml, .yml and .json only
};

struct ApplicationSource
{
    std::string repoUrl;
    std::string path; ///< folder in the repository; "." and "" are its root
    std::string targetRevision = "HEAD"; ///< branch, tag, commit or semver range
    KustomizeOptions kustomize;
    DirectoryOptions directory;
};

struct RetryPolicy
{
    int limit = 5; ///< attempts after the first; -1 without end
    std::chrono::milliseconds duration {5000};
    double factor = 2;
    std::chrono::milliseconds maxDuration {180'000};
};

/// Argo CD's spec.ignoreDifferences entry.
struct IgnoreDifference
{
    std::string group; ///< glob
    std::string kind; ///< glob
    std::string name;
    std::string namespaceName;
    std::vector<std::string> jsonPointers;
    std::vector<std::string> jqPathExpressions;
    std::vector<std::string> managedFieldsManagers;
};

/// An application as its manifest declares it (an Argo CD Application, or made from --path). A
/// value.
struct Application
{
    std::string name;
    std::string namespaceName = "argocd"; ///< of the Application object
    std::string project = "default";
    ApplicationSource source;
    std::string destinationServer; ///< URL, or "" when by name
    std::string destinationName;
    std::string destinationNamespace;

    bool automated = false;
    bool prune = false;
    bool selfHeal = false;
    bool allowEmpty = false;
    std::vector<std::string> syncOptions; ///< as written: "CreateNamespace=true"
    RetryPolicy retry;
    std::vector<IgnoreDifference> ignoreDifferences;
    std::map<std::string, std::string> managedNamespaceLabels;
    std::map<std::string, std::string> managedNamespaceAnnotations;

    std::map<std::string, std::string> annotations;
    std::map<std::string, std::string> labels;
    std::vector<std::string> finalizers;
    std::string parent; ///< name of the application that declares it, "" for a root
    Place place; ///< where its manifest stands
    bool hasOption(std::string_view option) const; ///< exact match, as Argo CD does
};

} // namespace core
