using BatchEmulator.Core.Scheduling.Orderings;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>A note of the ordering of a queue as a document.</summary>
internal static class NoteDocument
{
    private const string Queue = "queue";
    private const string Key = "key";
    private const string Text = "text";
    private const string At = "at";

    /// <summary>Notes of all queues, in the order of their queues and keys.</summary>
    public static KeyRange All { get; } = CompositeKey.Of(1).Range;

    /// <summary>Notes of a queue; followed by the key.</summary>
    public static CompositeKey Of(long queue) => CompositeKey.Of(1).Then(queue);

    public static CompositeKey IdOf(long queue, string key) => Of(queue).Then(key);

    public static BsonDocument Of(OrderingNote note, long queue)
    {
        var document = new BsonDocument { [LiteDbSession.Id] = IdOf(queue, note.Key).Value, [Queue] = queue };
        document.Set(Key, note.Key);
        document.Set(Text, note.Text);
        document.Set(At, note.At);
        return document;
    }

    /// <summary>Returns the place of the queue.</summary>
    public static long QueueOf(BsonDocument document) => document[Queue].AsInt64;

    public static OrderingNote Read(BsonDocument document, string queueArn) =>
        new(queueArn, document[Key].AsString, document[Text].AsString, document.Time(At)!.Value);
}
