using System.Text;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Logs;

/// <summary>An event as a document. Stream, time and sequence are its id.</summary>
internal static class EventDocument
{
    private const string Ingested = "ingested";
    private const string Message = "message";

    public static BsonDocument Of(StreamRecord stream, LogPosition position, long ingestedAt, string message)
    {
        var document = new BsonDocument
        {
            [LiteDbSession.Id] = LogSchema.EventsOfStream(stream.Id).Then(position).Value,
            [LiteDbSession.Keys] = new BsonArray(LogSchema.EventsOfGroup(stream.GroupId).Then(position).Value),
            [Ingested] = ingestedAt,
        };
        document.Set(Message, message);
        return document;
    }

    public static LogEvent Read(BsonDocument document, string stream) => new(
        stream, PositionOf(document), document[Ingested].AsInt64, document[Message].AsString, MessageBytesOf(document));

    public static long StreamOf(BsonDocument document) => CompositeKey.NumberOf(document[LiteDbSession.Id].AsBinary, 0);

    public static LogPosition PositionOf(BsonDocument document) => new(
        CompositeKey.NumberOf(document[LiteDbSession.Id].AsBinary, 1), CompositeKey.NumberOf(document[LiteDbSession.Id].AsBinary, 2));

    /// <summary>Returns the size that counts for an event.</summary>
    public static long SizeOf(BsonDocument document) => MessageBytesOf(document) + LogEvent.OverheadBytes;

    private static int MessageBytesOf(BsonDocument document) => Encoding.UTF8.GetByteCount(document[Message].AsString);
}
