using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Logs;

/// <summary>A log stream within a transaction. Times are epoch milliseconds.</summary>
internal sealed class StreamRecord
{
    private const string Group = "group";
    private const string StreamName = "name";
    private const string Created = "created";
    private const string LineCount = "lines";
    private const string First = "first";
    private const string Last = "last";
    private const string LastLine = "lastLine";
    private const string Ingested = "ingested";

    public required long Id { get; init; }

    public required long GroupId { get; init; }

    public required string Name { get; init; }

    public required long CreatedAt { get; init; }

    public long Lines { get; set; }

    public long? FirstEventAt { get; set; }

    public long? LastEventAt { get; set; }

    /// <summary>Time of the newest line that a job wrote.</summary>
    public long LastLineAt { get; set; }

    public long? IngestedAt { get; set; }

    public static StreamRecord Read(BsonDocument document) => new()
    {
        Id = document[LiteDbSession.Id].AsInt64,
        GroupId = document[Group].AsInt64,
        Name = document[StreamName].AsString,
        CreatedAt = document[Created].AsInt64,
        Lines = document[LineCount].AsInt64,
        FirstEventAt = document.Number(First),
        LastEventAt = document.Number(Last),
        LastLineAt = document[LastLine].AsInt64,
        IngestedAt = document.Number(Ingested),
    };

    public BsonDocument ToDocument()
    {
        var document = new BsonDocument
        {
            [LiteDbSession.Id] = Id,
            [LiteDbSession.Keys] = new BsonArray(
                LogSchema.StreamsByName(GroupId).Then(Name).Value,
                LogSchema.StreamsByLastEvent(GroupId).Then(LastEventAt ?? 0).Then(Name).Value),
            [Group] = GroupId,
            [Created] = CreatedAt,
            [LineCount] = Lines,
            [LastLine] = LastLineAt,
        };
        document.Set(StreamName, Name);
        document.Set(First, FirstEventAt);
        document.Set(Last, LastEventAt);
        document.Set(Ingested, IngestedAt);
        return document;
    }

    public LogStream ToStream() => new(Name, CreatedAt, Lines, FirstEventAt, LastEventAt, IngestedAt);
}
