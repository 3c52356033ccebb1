using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.LiteDb.Database;

namespace BatchEmulator.Storage.LiteDb.Logs;

/// <summary>
/// Collections of the database of logs, and their keys. The numbers of the kinds of keys are stored: never change one. Ids are never used
/// again: events of a removed stream may outlive it for a while, and must not appear in a new one.
/// </summary>
internal static class LogSchema
{
    public const string Groups = "group";
    public const string Streams = "stream";

    /// <summary>Events, by stream, time and sequence.</summary>
    public const string Events = "event";

    /// <summary>Ids of removed groups whose streams and events still exist.</summary>
    public const string RemovedGroups = "removedGroup";

    /// <summary>Ids of removed streams whose events still exist.</summary>
    public const string RemovedStreams = "removedStream";

    public static LiteDbSchema Schema { get; } = new(
    [
        // 1.
        session =>
        {
            session.CreateKeyedCollection(Groups);
            session.CreateKeyedCollection(Streams);
            session.CreateKeyedCollection(Events);
        },
    ]);

    /// <summary>Groups that keep their events for a number of days.</summary>
    public static CompositeKey GroupsWithRetention => CompositeKey.Of(2);

    /// <summary>Groups of a scope; followed by the name.</summary>
    public static CompositeKey GroupsOf(Scope scope) => CompositeKey.Of(1).Then(scope.Account).Then(scope.Region);

    /// <summary>Streams of a group; followed by the name.</summary>
    public static CompositeKey StreamsByName(long group) => CompositeKey.Of(1).Then(group);

    /// <summary>Streams of a group; followed by the time of the latest event, and the name.</summary>
    public static CompositeKey StreamsByLastEvent(long group) => CompositeKey.Of(2).Then(group);

    /// <summary>Ids of the events of a stream; followed by the position.</summary>
    public static CompositeKey EventsOfStream(long stream) => CompositeKey.Of(1).Then(stream);

    /// <summary>Events of a group; followed by the position.</summary>
    public static CompositeKey EventsOfGroup(long group) => CompositeKey.Of(1).Then(group);

    /// <summary>Adds the position of an event to a key.</summary>
    public static CompositeKey Then(this CompositeKey key, LogPosition position) => key.Then(position.At).Then(position.Sequence);

    /// <summary>Returns the keys of events between two positions, both excluded.</summary>
    public static KeyRange Between(this CompositeKey key, LogPosition after, LogPosition before) =>
        key.Range.After(key.Then(after)).To(key.Then(before with { Sequence = before.Sequence - 1 }));
}
