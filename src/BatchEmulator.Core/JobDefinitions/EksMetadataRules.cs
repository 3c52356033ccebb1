using System.Text.RegularExpressions;
using BatchEmulator.Core.ComputeEnvironments;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>Validates a pod's labels, annotations and namespace; messages are AWS's (API Reference, EksMetadata).</summary>
internal static partial class EksMetadataRules
{
    private const int MaximumAnnotationLength = 255;
    private static readonly string[] ReservedTerms = ["kubernetes.io", "k8s.io", "batch.amazonaws.com"];

    public static void Check(Wire.EksMetadata? metadata)
    {
        foreach (var (key, value) in metadata?.Labels ?? None)
        {
            Require(LabelKeyPattern().IsMatch(key), $"The name {key} of the pod label key does not match a valid pattern.");
            CheckPrefix(key, "label");
            Require(LabelValuePattern().IsMatch(value), $"The pod label value {value} does not match a valid pattern.");
        }

        foreach (var (key, value) in metadata?.Annotations ?? None)
        {
            CheckPrefix(key, "annotation");
            Require(value.Length <= MaximumAnnotationLength, $"Metadata annotation value {value} cannot be longer than 255 characters.");
        }

        if (metadata?.Namespace is { Length: > 0 } name)
        {
            KubernetesNamespace.Check(name, fullStop: ".");
        }
    }

    private static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    private static void CheckPrefix(string key, string what)
    {
        var prefix = key.LastIndexOf('/') is >= 0 and var end ? key[..end] : "";
        Require(
            !ReservedTerms.Any(term => prefix.Contains(term, StringComparison.Ordinal)),
            $"The prefix {prefix} of the pod {what} key cannot contain terms from the following [{string.Join(", ", ReservedTerms)}].");
    }

    [GeneratedRegex(@"\A([a-zA-Z0-9.\-]{1,253}/)?[a-zA-Z0-9]([a-zA-Z0-9_.\-]{0,61}[a-zA-Z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex LabelKeyPattern();

    [GeneratedRegex(@"\A([a-zA-Z0-9]([a-zA-Z0-9_.\-]{0,61}[a-zA-Z0-9])?)?\z", RegexOptions.NonBacktracking)]
    private static partial Regex LabelValuePattern();
}
