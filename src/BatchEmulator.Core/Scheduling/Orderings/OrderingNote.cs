namespace BatchEmulator.Core.Scheduling.Orderings;

/// <summary>A record of the ordering of a queue. Only the ordering knows the meaning of key and text.</summary>
/// <param name="JobQueueArn">ARN of the queue.</param>
/// <param name="Key">Unique within the queue.</param>
/// <param name="Text">Content.</param>
/// <param name="At">Time of the note.</param>
public sealed record OrderingNote(string JobQueueArn, string Key, string Text, DateTimeOffset At);
