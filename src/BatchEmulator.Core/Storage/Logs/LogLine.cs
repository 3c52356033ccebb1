namespace BatchEmulator.Core.Storage.Logs;

/// <summary>Output of a job that becomes one event.</summary>
/// <param name="At">Time of writing, in epoch milliseconds.</param>
/// <param name="Text">The line, or a part of one that is too long for one event; empty for a line without text.</param>
/// <param name="Lines">
/// Number of lines to count: 1, but 0 for a part that is not the last one, and more for a notice that lines were lost.
/// </param>
public readonly record struct LogLine(long At, string Text, long Lines = 1);
