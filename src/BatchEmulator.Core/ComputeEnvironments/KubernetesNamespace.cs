using System.Text.RegularExpressions;

namespace BatchEmulator.Core.ComputeEnvironments;

/// <summary>The Kubernetes namespaces that AWS Batch accepts, in compute environments and (with a full stop) in pod metadata.</summary>
internal static partial class KubernetesNamespace
{
    private const int MaximumLength = 63;

    /// <param name="name">The namespace.</param>
    /// <param name="fullStop">End of the sentences: empty for compute environments, a full stop for job definitions.</param>
    public static void Check(string name, string fullStop)
    {
        var problem =
            name.Length > MaximumLength ? "kubernetesNamespace must less than or equal to 63 characters"
            : name == "default" ? "kubernetesNamespace cannot be the default Kubernetes namespace"
            : name.StartsWith("kube-", StringComparison.Ordinal) ? "kubernetesNamespace cannot be a reserved Kubernetes system namespace"
            : null;
        if (problem is not null)
        {
            throw ClientException.Invalid(problem + fullStop);
        }

        if (!Pattern().IsMatch(name))
        {
            throw ClientException.Invalid("kubernetesNamespace must be a valid Kubernetes namespace.");
        }
    }

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9\-]*[a-z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
