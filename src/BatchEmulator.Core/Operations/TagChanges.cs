using BatchEmulator.Core.Engine;

namespace BatchEmulator.Core.Operations;

/// <summary>Records tags as changes. Tags live in the store only: nothing is decided by them.</summary>
internal static class TagChanges
{
    /// <summary>The tags that a resource is created with.</summary>
    public static void RecordInitial(Turn turn, string arn, IReadOnlyDictionary<string, string>? tags)
    {
        if (tags is { Count: > 0 })
        {
            turn.Record(new TagsPatched(arn, tags.ToDictionary(t => t.Key, string? (t) => t.Value)));
        }
    }
}
