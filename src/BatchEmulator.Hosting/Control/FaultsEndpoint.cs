using System.Text.Json;
using BatchEmulator.Core;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Hosting.Engine;
using BatchEmulator.Hosting.Faults;

namespace BatchEmulator.Hosting.Control;

/// <summary><c>/_emulator/faults</c>: faults of the API, and of the capacity of EC2 and Fargate.</summary>
internal sealed class FaultsEndpoint(EngineMailbox mailbox, ApiFaults api, Scope defaults)
{
    /// <summary>Refusal of a body that is not JSON.</summary>
    public const string Refusal = $"The body must be a JSON object with some of {FaultsChange.Known}.";

    /// <summary>Returns the faults that are left.</summary>
    public async Task<FaultsState> StateAsync(CancellationToken cancellationToken)
    {
        var state = await mailbox.ExecuteAsync(
            new Command<FaultsState>(turn => api.State.With(turn.State.Market, turn.Now)), cancellationToken);
        return state!;
    }

    /// <summary>Begins, replaces or ends faults.</summary>
    /// <exception cref="ClientException">There is no such instance; the faults before it in the body have been carried out.</exception>
    public async Task<FaultsState> ChangeAsync(FaultsChange change, CancellationToken cancellationToken)
    {
        foreach (var fault in change.Capacity)
        {
            await mailbox.ExecuteAsync(
                new Command<FaultsChange>(turn =>
                {
                    fault(turn, defaults);
                    return change;
                }),
                cancellationToken);
        }

        api.Change(change);
        return await StateAsync(cancellationToken);
    }

    /// <summary>Parses a change.</summary>
    /// <exception cref="ClientException">It makes no sense.</exception>
    public static FaultsChange Parse(JsonElement body) => FaultsChange.Parse(body);

    /// <summary>Ends the faults of the API; those of capacity end with the reset of the engine.</summary>
    public void Clear() => api.Clear();
}
