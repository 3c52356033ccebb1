using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine.Projections;

/// <summary>Client tokens of the service jobs that are not finished.</summary>
internal sealed class ClientTokens : IProjection
{
    private readonly HashSet<(Scope Scope, string Token)> _tokens = [];

    public bool Has(Scope scope, string token) => _tokens.Contains((scope, token));

    public void Follow(Job? before, Job job)
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
