using System.Globalization;
using System.Text;
using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Executors.Docker;

/// <summary>
/// Labels and names by which the objects of an attempt are found again in the engine. They are determined by the attempt, so that starting
/// it twice cannot create two containers.
/// </summary>
internal static class DockerNames
{
    public const string Instance = "batch-emulator.instance";
    public const string JobId = "batch-emulator.job-id";
    public const string Attempt = "batch-emulator.attempt";
    public const string Container = "batch-emulator.container";
    public const string Scope = "batch-emulator.scope";
    public const string JobName = "batch-emulator.job-name";
    public const string JobQueue = "batch-emulator.job-queue";
    public const string JobDefinition = "batch-emulator.job-definition";

    public static string ContainerName(string instance, AttemptKey key, string container) =>
        $"batch-{Safe(instance)}-{Safe(key.JobId)}-{key.Attempt.ToString(CultureInfo.InvariantCulture)}-{Safe(container)}";

    /// <summary>
    /// Returns the name of a volume without a path on the host; it lives as long as its attempt, whose containers share it.
    /// </summary>
    public static string VolumeName(string instance, AttemptKey key, string volume) =>
        ContainerName(instance, key, "volume." + volume);

    /// <summary>The labels that <see cref="KeyOf"/> reads.</summary>
    public static Dictionary<string, string> KeyLabels(string instance, AttemptKey key) => new(StringComparer.Ordinal)
    {
        [Instance] = instance,
        [JobId] = key.JobId,
        [Attempt] = key.Attempt.ToString(CultureInfo.InvariantCulture),
    };

    public static Dictionary<string, string> AttemptLabels(string instance, AttemptLaunch launch) => new(KeyLabels(instance, launch.Key))
    {
        [Scope] = launch.Scope.ToString(),
        [JobName] = launch.JobName,
        [JobQueue] = launch.JobQueue,
        [JobDefinition] = launch.JobDefinition ?? "",
    };

    /// <returns>Id of the emulator that created the object; null for labels of others.</returns>
    public static string? InstanceOf(IDictionary<string, string>? labels) =>
        labels is not null && labels.TryGetValue(Instance, out var instance) ? instance : null;

    /// <returns>Key of the attempt; null if the labels are not those of an attempt.</returns>
    public static AttemptKey? KeyOf(IDictionary<string, string>? labels) =>
        labels is not null && labels.TryGetValue(JobId, out var jobId) && labels.TryGetValue(Attempt, out var text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            ? new AttemptKey(jobId, attempt)
            : null;

    /// <summary>
    /// Returns a text as part of a name: only <c>[a-zA-Z0-9_.-]</c> is allowed; <c>:</c> and <c>#</c> of job ids stay distinct.
    /// </summary>
    private static string Safe(string part)
    {
        var safe = new StringBuilder(part.Length);
        foreach (var character in part)
        {
            safe.Append(character switch
            {
                ':' => '.',
                '#' => '_',
                '_' or '.' or '-' => character,
                _ when char.IsAsciiLetterOrDigit(character) => character,
                _ => '-',
            });
        }

        return safe.ToString();
    }
}
