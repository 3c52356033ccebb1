using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine;

/// <summary>The client tokens of the service jobs that are not finished.</summary>
internal sealed class ClientTokens
{
    private readonly HashSet<(Scope Scope, string Token)> _tokens = [];

    public bool Has(Scope scope, string token) => _tokens.Contains((scope, token));

    /// <summary>Has to be told of every change of a job.</summary>
    public void Keep(Job job)
    {
        if (job.Specification.Service?.ClientToken is not { } token)
        {
            return;
        }

        if (job.Status.IsFinished())
        {
            _tokens.Remove((job.Scope, token));
        }
        else
        {
            _tokens.Add((job.Scope, token));
        }
    }

    public void Clear() => _tokens.Clear();
}
