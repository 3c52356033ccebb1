using System.Globalization;

namespace BatchEmulator.Benchmarks;

/// <summary>Options of the command line.</summary>
/// <param name="Server">A published server; null publishes one for the .NET runtime, and a native one.</param>
/// <param name="Native">A published native server, measured beside <paramref name="Server"/>.</param>
/// <param name="Peer">Another server to submit to, instead of measuring the emulator.</param>
/// <param name="Duration">Duration of each measurement of a rate.</param>
/// <param name="Containers">Number of containers.</param>
/// <param name="Jobs">Number of jobs in the listed queue.</param>
/// <param name="Only">The only measurement to make; null for all.</param>
internal sealed record BenchmarkOptions(
    string? Server, string? Native, Uri? Peer, TimeSpan Duration, int Containers, int Jobs, string? Only)
{
    public const string Usage =
        """
        Usage: BatchEmulator.Benchmarks [--server FILE [--native FILE]] [--peer URL] [--seconds NUMBER] [--containers NUMBER]
                                        [--jobs NUMBER] [--only NAME]
          --server      a published batch-emulator, instead of publishing one for the .NET runtime and a native one
          --native      a native batch-emulator, whose start, memory and submits are measured beside those of --server
          --peer        run the submit loop against another server (queue and definition are made if it lets them)
          --seconds     how long each rate is measured (5)
          --containers  how many containers are run through the engine, and as many by the bare loop (120)
          --jobs        how many jobs are in the queue that is listed, and in each storage (200000)
          --only        one of start, submit, list, storage, array, schedule, day, containers
        """;

    public bool Measures(string name) => Only is null || Only == name;

    /// <returns>The options; null if the arguments are invalid.</returns>
    public static BenchmarkOptions? Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchmarkOptions(null, null, null, TimeSpan.FromSeconds(5), 120, 200_000, null);
        for (var i = 0; i + 1 < arguments.Count; i += 2)
        {
            var value = arguments[i + 1];
            var next = arguments[i] switch
            {
                "--server" => options with { Server = Path.GetFullPath(value) },
                "--native" => options with { Native = Path.GetFullPath(value) },
                "--peer" when Uri.TryCreate(value, UriKind.Absolute, out var peer) => options with { Peer = peer },
                "--seconds" when Number(value) is { } seconds => options with { Duration = TimeSpan.FromSeconds(seconds) },
                "--containers" when Number(value) is { } containers => options with { Containers = containers },
                "--jobs" when Number(value) is { } jobs => options with { Jobs = jobs },
                "--only" when value is "start" or "submit" or "list" or "storage" or "array" or "schedule" or "day"
                    or "containers" => options with { Only = value },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        return arguments.Count % 2 == 0 && (options.Native is null || options.Server is not null) ? options : null;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
