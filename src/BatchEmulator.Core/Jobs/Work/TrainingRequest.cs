using System.Text.Json;
using System.Text.RegularExpressions;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Jobs.Work;

/// <summary>
/// Parts of the request for a training job that a run needs (SageMaker API Reference, CreateTrainingJob). Other members are SageMaker's
/// concern, which does not exist here.
/// </summary>
internal sealed partial record TrainingRequest
{
    private const int MaximumInstances = 10_000;

    /// <summary>Prefix of the training job's name; null if the request has none.</summary>
    public string? TrainingJobName { get; init; }

    /// <summary>Image; null for an algorithm that is named otherwise.</summary>
    public string? Image { get; init; }

    public IReadOnlyList<string>? EntryPoint { get; init; }

    public IReadOnlyList<string>? Arguments { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    public IReadOnlyList<InstanceCount> Instances { get; init; } = [new("", 1)];

    /// <summary>Problem that SageMaker would report; null if none was found.</summary>
    public string? Problem { get; init; }

    public static TrainingRequest Parse(string payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return new() { Problem = "The request is not JSON." };
        }
        catch (InvalidOperationException)
        {
            return new() { Problem = "A member of the request has a value of the wrong type." };
        }
    }

    private static TrainingRequest Read(JsonElement root)
    {
        var algorithm = Member(root, "AlgorithmSpecification");
        var request = new TrainingRequest
        {
            TrainingJobName = Member(root, "TrainingJobName")?.GetString(),
            Image = Member(algorithm, "TrainingImage")?.GetString(),
            EntryPoint = Texts(Member(algorithm, "ContainerEntrypoint")),
            Arguments = Texts(Member(algorithm, "ContainerArguments")),
            Environment = Variables(Member(root, "Environment")),
            Instances = ReadInstances(Member(root, "ResourceConfig")),
        };
        return request with { Problem = request.FindProblem() };
    }

    private static IReadOnlyList<InstanceCount> ReadInstances(JsonElement? resources)
    {
        var groups = Member(resources, "InstanceGroups") is { } given
            ? given.EnumerateArray().Select(group => (JsonElement?)group).ToList()
            : [resources];
        var counts = groups
            .Select(group => new InstanceCount(Member(group, "InstanceType")?.GetString() ?? "", Count(Member(group, "InstanceCount"))))
            .ToList();
        return counts.Exists(instances => instances.Count == 0) ? [] :
        [
            .. counts.GroupBy(instances => instances.Type, StringComparer.Ordinal)
                .Select(group => new InstanceCount(group.Key, group.Sum(instances => instances.Count))),
        ];
    }

    /// <summary>Returns the number of instances: one by default; 0 if it is invalid.</summary>
    private static int Count(JsonElement? count) =>
        count is not { } given ? 1 : given.TryGetInt32(out var number) && number is > 0 and <= MaximumInstances ? number : 0;

    private string? FindProblem()
    {
        var texts = Environment.Select(variable => variable.Value).Concat(EntryPoint ?? []).Concat(Arguments ?? []).Append(Image ?? "");
        return Instances.Count == 0 ? $"InstanceCount must be a whole number from 1 to {MaximumInstances}."
            : TrainingJobName is { } name && !NamePattern().IsMatch(name)
                ? "TrainingJobName does not match ^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}."
            : !Environment.All(variable => VariablePattern().IsMatch(variable.Key))
                ? "A name in Environment does not match [a-zA-Z_][a-zA-Z0-9_]*."
            : texts.Any(text => text.Contains('\0', StringComparison.Ordinal)) ? "A text contains a character that is not allowed."
            : null;
    }

    private static JsonElement? Member(JsonElement? element, string name) =>
        element is { } given && given.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    private static List<string>? Texts(JsonElement? list) => list?.EnumerateArray().Select(Text).ToList();

    private static List<KeyValuePair<string, string>> Variables(JsonElement? map) =>
        map?.EnumerateObject().DistinctBy(variable => variable.Name)
            .Select(variable => KeyValuePair.Create(variable.Name, Text(variable.Value)))
            .ToList() ?? [];

    private static string Text(JsonElement element) => element.GetString() ?? throw new InvalidOperationException();

    [GeneratedRegex(@"\A[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}\z", RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A[a-zA-Z_][a-zA-Z0-9_]{0,511}\z", RegexOptions.NonBacktracking)]
    private static partial Regex VariablePattern();
}
