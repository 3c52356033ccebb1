using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Hosting.Simulation;

/// <summary>The rules by which simulated attempts go; kept in a file.</summary>
internal sealed class OutcomeRules
{
    public static readonly byte[] None = """{"rules":[]}"""u8.ToArray();

    private readonly string? _path;
    private volatile IReadOnlyList<OutcomeRule> _rules = [];

    /// <param name="path">The file; null keeps them in memory only.</param>
    /// <exception cref="OutcomeRulesException">What is in the file makes no sense.</exception>
    public OutcomeRules(string? path = null)
    {
        _path = path;
        if (File.Exists(path))
        {
            Json = File.ReadAllBytes(path);
            _rules = OutcomeRulesReader.Read(Json, out _);
        }
    }

    /// <summary>The rules were replaced.</summary>
    public event EventHandler? Changed;

    /// <summary><c>{"rules":[...]}</c>, as they were given.</summary>
    public byte[] Json { get; private set; } = None;

    /// <summary>Replaces all of them.</summary>
    /// <param name="body">An array of rules, or an object with the only member <c>rules</c>.</param>
    /// <exception cref="OutcomeRulesException">A rule makes no sense; nothing has changed.</exception>
    /// <exception cref="IOException">They cannot be stored; nothing has changed.</exception>
    public void Replace(byte[] body)
    {
        var rules = OutcomeRulesReader.Read(body, out var json);
        if (_path is not null)
        {
            StateFile.Replace(_path, json);
        }

        Set(rules, json);
    }

    /// <summary>From now on no rules apply; the file stays as it is until <see cref="Forget"/>.</summary>
    public void Clear() => Set([], None);

    /// <summary>Removes the file, which a full disk allows.</summary>
    public void Forget()
    {
        if (_path is not null)
        {
            File.Delete(_path);
        }
    }

    /// <summary>
    /// What an attempt does: the first rule that matches, over it the variables of the containers whose end ends the attempt; of several
    /// that say the same, the first has its way.
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

/// <summary>Rules make no sense; the message says where and why.</summary>
internal sealed class OutcomeRulesException(string message) : Exception(message);
