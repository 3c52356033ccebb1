using BatchEmulator.Core.Engine;

namespace BatchEmulator.Core.Operations;

/// <summary>Records tags as changes. Tags are in the store only: no decision depends on them.</summary>
internal static class TagChanges
{
    /// <summary>Records the initial tags of a resource.</summary>
    public static void RecordInitial(Turn turn, string arn, IReadOnlyDictionary<string, string>? tags)
    {
        if (tags is { Count: > 0 })
        {
            turn.Record(new TagsPatched(arn, tags.ToDictionary(t => t.Key, string? (t) => t.Value)));
        }
    }
}
