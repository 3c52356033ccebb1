using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Hosting.Simulation;

/// <summary>The rules that determine simulated attempts; kept in a file.</summary>
internal sealed class OutcomeRules
{
    public static readonly byte[] None = """{"rules":[]}"""u8.ToArray();

    private readonly string? _path;
    private volatile IReadOnlyList<OutcomeRule> _rules = [];

    /// <param name="path">Path of the file; null keeps the rules in memory only.</param>
    /// <exception cref="OutcomeRulesException">The content of the file is invalid.</exception>
    public OutcomeRules(string? path = null)
    {
        _path = path;
        if (File.Exists(path))
        {
            Json = File.ReadAllBytes(path);
            _rules = OutcomeRulesReader.Read(Json, out _);
        }
    }

    /// <summary>Raised when the rules were replaced.</summary>
    public event EventHandler? Changed;

    /// <summary>The rules as given, <c>{"rules":[...]}</c>.</summary>
    public byte[] Json { get; private set; } = None;

    /// <summary>Replaces all rules.</summary>
    /// <param name="body">An array of rules, or an object with the only member <c>rules</c>.</param>
    /// <exception cref="OutcomeRulesException">A rule is invalid; nothing has changed.</exception>
    /// <exception cref="IOException">The rules cannot be stored; nothing has changed.</exception>
    public void Replace(byte[] body)
    {
        var rules = OutcomeRulesReader.Read(body, out var json);
        if (_path is not null)
        {
            StateFile.Replace(_path, json);
        }

        Set(rules, json);
    }

    /// <summary>Removes the rules from memory; the file stays unchanged until <see cref="Forget"/>.</summary>
    public void Clear() => Set([], None);

    /// <summary>Removes the file, which is possible on a full disk.</summary>
    public void Forget()
    {
        if (_path is not null)
        {
            File.Delete(_path);
        }
    }

    /// <summary>
    /// Returns the outcome of an attempt: the first rule that matches, overridden by the variables of the containers whose end ends the
    /// attempt; if several set the same member, the first one wins.
    /// </summary>
    public SimulatedOutcome OutcomeOf(AttemptLaunch launch)
    {
        var outcome = SimulatedOutcome.Default;
        foreach (var rule in _rules)
        {
            if (rule.Matches(launch))
            {
                outcome = rule.Outcome;
                break;
            }
        }

        var isTask = launch.Containers.Any(container => container.Essential);
        foreach (var container in launch.Containers
            .Where(c => isTask ? c.Essential : !ContainerSequence.EndsBeforeOthers(launch, c))
            .Reverse())
        {
            outcome = outcome.With(container.Environment);
        }

        return outcome.Of(launch.Key.Attempt);
    }

    private void Set(IReadOnlyList<OutcomeRule> rules, byte[] json)
    {
        Json = json;
        _rules = rules;
        Changed?.Invoke(this, EventArgs.Empty);
    }
}

/// <summary>Rules are invalid; the message states place and reason.</summary>
internal sealed class OutcomeRulesException(string message) : Exception(message);
