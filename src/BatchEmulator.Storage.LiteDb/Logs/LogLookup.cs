using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.LiteDb.Database;

namespace BatchEmulator.Storage.LiteDb.Logs;

/// <summary>Finds stored groups and streams.</summary>
internal static class LogLookup
{
    public static GroupRecord? FindGroup(this LiteDbSession session, LogGroupKey group) =>
        session.FindByKey(LogSchema.Groups, LogSchema.GroupsOf(group.Scope).Then(group.Name)) is { } found ? GroupRecord.Read(found) : null;

    public static StreamRecord? FindStream(this LiteDbSession session, long group, string name) =>
        session.FindByKey(LogSchema.Streams, LogSchema.StreamsByName(group).Then(name)) is { } found ? StreamRecord.Read(found) : null;
}
