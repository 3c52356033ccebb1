using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Logs.Operations;

/// <summary>PutRetentionPolicy and DeleteRetentionPolicy.</summary>
internal static class RetentionPolicy
{
    /// <summary>Allowed values, as listed in the documentation of PutRetentionPolicy.</summary>
    private static readonly IReadOnlyList<int> Allowed =
        [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    public static Task PutAsync(LogsCall call, LogsWire.PutRetentionPolicyRequest request)
    {
        var days = request.RetentionInDays!.Value;
        if (!Allowed.Contains(days))
        {
            throw LogsException.InvalidParameter(
                $"1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: "
                + $"Member must satisfy enum value set: [{string.Join(", ", Allowed)}]");
        }

        return SetAsync(call, request.LogGroupName!, days);
    }

    public static Task DeleteAsync(LogsCall call, LogsWire.DeleteRetentionPolicyRequest request) =>
        SetAsync(call, request.LogGroupName!, days: null);

    private static async Task SetAsync(LogsCall call, string name, int? days)
    {
        var group = new LogGroupKey(call.Scope, name);
        await call.Store.WriteAsync(transaction =>
        {
            if (!transaction.SetRetention(group, days))
            {
                throw LogsException.GroupNotFound();
            }
        });
        call.Store.RequestPurge();
    }
}
