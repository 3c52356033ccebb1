using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Logs;

/// <summary>A removed stream whose events still exist.</summary>
/// <param name="Id">Id of the stream.</param>
/// <param name="GroupId">Id of its group.</param>
internal readonly record struct RemovedStream(long Id, long GroupId)
{
    private const string Group = "group";

    public static BsonDocument Of(StreamRecord stream) => new() { [LiteDbSession.Id] = stream.Id, [Group] = stream.GroupId };

    public static RemovedStream Read(BsonDocument document) => new(document[LiteDbSession.Id].AsInt64, document[Group].AsInt64);
}
