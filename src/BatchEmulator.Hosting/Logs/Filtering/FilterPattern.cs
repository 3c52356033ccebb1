namespace BatchEmulator.Hosting.Logs.Filtering;

/// <summary>
/// A filter pattern of CloudWatch Logs (documentation page "Filter pattern syntax for metric filters, subscription filters, filter
/// log events, and Live Tail"). Matching takes time in proportion to the message; there is no backtracking.
/// </summary>
internal abstract class FilterPattern
{
    public abstract bool Matches(string message);

    /// <exception cref="LogsException">The pattern is malformed.</exception>
    public static FilterPattern Parse(string text)
    {
        text = text.Trim();
        if (text.Length == 0)
        {
            return new TermPattern([], [], []);
        }

        return text[0] switch
        {
            '{' when text.Length > 1 && text[^1] == '}' => JsonPattern.Parse(text[1..^1]),
            '{' => throw LogsException.InvalidParameter("If a filter pattern starts with '{' it must end with '}'"),
            '[' when text[^1] == ']' => throw LogsException.InvalidParameter(
                "Invalid filter pattern: space-delimited patterns ([...]) are not available in Batch Emulator."),
            '[' => throw LogsException.InvalidParameter("If a filter pattern starts with '[' it must end with ']'"),
            _ => TermPattern.Parse(text),
        };
    }
}
