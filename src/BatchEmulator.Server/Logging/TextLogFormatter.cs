using System.Globalization;
using System.Text;
using BatchEmulator.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace BatchEmulator.Server.Logging;

/// <summary>
/// Writes an entry of the server's log as one line of text: <c>warn: Category[0] Message</c>. Messages quote foreign text (answers of
/// endpoints, an engine's errors, names of jobs), which must neither begin a new line nor control the terminal: control characters are
/// written as escapes, such as <c>\u001b</c>, and long text is truncated.
/// </summary>
internal sealed class TextLogFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "text";

    /// <summary>
    /// Far more than any of the server's own messages; with the queue of the console it bounds the output that waits for a blocked
    /// terminal.
    /// </summary>
    public const int MaximumText = 16 * 1024;

    private readonly bool _isColoured = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var (level, colour) = Of(logEntry.LogLevel);
        textWriter.Write(_isColoured ? $"\u001b[{colour}m{level}\u001b[0m" : level);
        textWriter.Write(": ");
        Write(logEntry.Category, textWriter);
        textWriter.Write(string.Create(CultureInfo.InvariantCulture, $"[{logEntry.EventId.Id}] "));
        Write(logEntry.Formatter(logEntry.State, logEntry.Exception), textWriter);
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(' ');
            // The runtime writes its lines: they are readable without their ends.
            Write(exception.ToString().ReplaceLineEndings(" "), textWriter);
        }

        textWriter.Write(Environment.NewLine);
    }

    private static (string Level, int Colour) Of(LogLevel level) => level switch
    {
        LogLevel.Trace => ("trce", 37),
        LogLevel.Debug => ("dbug", 37),
        LogLevel.Information => ("info", 32),
        LogLevel.Warning => ("warn", 33),
        LogLevel.Error => ("fail", 31),
        LogLevel.Critical => ("crit", 31),
        _ => throw new NotSupportedException(level.ToString()),
    };

    private static void Write(string text, TextWriter writer)
    {
        var shown = Excerpt.Of(text, MaximumText).AsSpan();
        if (!shown.ContainsAnyExceptInRange(' ', '~'))
        {
            writer.Write(shown);
        }
        else
        {
            foreach (var rune in shown.EnumerateRunes())
            {
                writer.Write(IsPlain(rune) ? rune.ToString() : Escape(rune));
            }
        }

        if (shown.Length < text.Length)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"... ({text.Length - shown.Length} more characters)"));
        }
    }

    /// <summary>
    /// Returns true if a character may be written unchanged. Format characters may not: some reverse the direction of the rest of a line.
    /// </summary>
    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static string Escape(Rune rune) => rune.Value switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        var value when value <= char.MaxValue => string.Create(CultureInfo.InvariantCulture, $"\\u{value:x4}"),
        var value => string.Create(CultureInfo.InvariantCulture, $"\\U{value:x8}"),
    };
}
