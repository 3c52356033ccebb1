using System.Globalization;

namespace BatchEmulator.Hosting.Simulation;

/// <summary>Outcome of a simulated attempt. By default it succeeds at once.</summary>
internal sealed record SimulatedOutcome
{
    public static readonly SimulatedOutcome Default = new();

    public const string DurationForm = "a duration such as 90, 1.5s, 200ms or PT1M30S";
    public const string ExitCodeForm = "an exit code from 0 to 255";
    public const string HoldForm = "STARTING or RUNNING";
    public const string CountForm = "a whole number from 0 to 10";

    /// <summary>A job has ten attempts at most.</summary>
    public const int MaximumAttempts = 10;

    /// <summary>Time for which the job is STARTING.</summary>
    public TimeSpan StartAfter { get; init; }

    /// <summary>Time for which the job is RUNNING.</summary>
    public TimeSpan RunFor { get; init; }

    public int ExitCode { get; init; }

    /// <summary>The container's reason, e.g. <c>OutOfMemoryError: Container killed due to memory usage</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>Lines that it writes at its start.</summary>
    public IReadOnlyList<string> Output { get; init; } = [];

    /// <summary>Reason for which it does not start.</summary>
    public string? FailToStart { get; init; }

    /// <summary>True if it ends with its host.</summary>
    public bool HostLost { get; init; }

    /// <summary>State that it does not leave by itself.</summary>
    public SimulatedHold Hold { get; init; }

    /// <summary>
    /// Number of attempts that fail, as specified here or with exit code 1; later ones succeed. 0: every attempt does the same.
    /// </summary>
    public int FailFirstAttempts { get; init; }

    /// <summary>Problem with a variable: the attempt does not start, and this is its reason.</summary>
    public string? Problem { get; init; }

    /// <summary>
    /// Returns the outcome overridden by variables: <c>SIMULATE_RUN_FOR</c>, <c>SIMULATE_EXIT_CODE</c> and so on, one for each member.
    /// </summary>
    public SimulatedOutcome With(IReadOnlyList<KeyValuePair<string, string>> environment)
    {
        var outcome = this;
        foreach (var (name, value) in environment)
        {
            if (name.StartsWith("SIMULATE_", StringComparison.Ordinal))
            {
                outcome = outcome.With(name, value);
            }
        }

        return outcome;
    }

    /// <summary>Returns the outcome of one attempt.</summary>
    /// <param name="attempt">Counted from 1.</param>
    public SimulatedOutcome Of(int attempt)
    {
        if (FailFirstAttempts == 0)
        {
            return this;
        }

        return attempt > FailFirstAttempts ? this with { ExitCode = 0, Reason = null, FailToStart = null, HostLost = false }
            : ExitCode == 0 ? this with { ExitCode = 1 }
            : this;
    }

    public static SimulatedHold? ParseHold(string text) => text switch
    {
        "STARTING" => SimulatedHold.Starting,
        "RUNNING" => SimulatedHold.Running,
        _ => null,
    };

    public static IReadOnlyList<string> Lines(string text) =>
        text.Length == 0 ? [] : text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private SimulatedOutcome With(string name, string value) => name switch
    {
        "SIMULATE_RUN_FOR" => DurationText.Parse(value) is { } runFor ? this with { RunFor = runFor } : Refused(name, value, DurationForm),
        "SIMULATE_START_AFTER" =>
            DurationText.Parse(value) is { } startAfter ? this with { StartAfter = startAfter } : Refused(name, value, DurationForm),
        "SIMULATE_EXIT_CODE" =>
            Number(value, byte.MaxValue) is { } code ? this with { ExitCode = code } : Refused(name, value, ExitCodeForm),
        "SIMULATE_REASON" => this with { Reason = value },
        "SIMULATE_OUTPUT" => this with { Output = Lines(value) },
        "SIMULATE_FAIL_TO_START" => this with { FailToStart = value.Length > 0 ? value : null },
        "SIMULATE_HOST_LOST" => value switch
        {
            "true" or "1" => this with { HostLost = true },
            "false" or "0" => this with { HostLost = false },
            _ => Refused(name, value, "true or false"),
        },
        "SIMULATE_HOLD" => value.Length == 0 ? this with { Hold = SimulatedHold.None }
            : ParseHold(value) is { } hold ? this with { Hold = hold } : Refused(name, value, HoldForm),
        "SIMULATE_FAIL_FIRST_ATTEMPTS" =>
            Number(value, MaximumAttempts) is { } count ? this with { FailFirstAttempts = count } : Refused(name, value, CountForm),
        _ => this,
    };

    private static int? Number(string text, int maximum) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= maximum ? number : null;

    private SimulatedOutcome Refused(string name, string value, string expected) =>
        this with { Problem = $"CannotStartContainerError: {name} is '{value}', but {expected} is expected" };
}

/// <summary>A state that a simulated attempt stays in until it is released or stopped.</summary>
internal enum SimulatedHold
{
    None,
    Starting,
    Running,
}
