namespace BatchEmulator.Hosting.Logs.Filtering;

/// <summary>A text in which <c>*</c> stands for any characters.</summary>
internal sealed class Wildcard(string pattern)
{
    private readonly string[] _parts = pattern.Split('*');

    /// <summary>Taking each part at its first place is enough, so one pass decides.</summary>
    public bool Matches(string text)
    {
        var (first, last) = (_parts[0], _parts[^1]);
        if (_parts.Length == 1)
        {
            return string.Equals(text, first, StringComparison.Ordinal);
        }

        if (text.Length < first.Length + last.Length
            || !text.StartsWith(first, StringComparison.Ordinal)
            || !text.EndsWith(last, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = text.AsSpan(first.Length, text.Length - first.Length - last.Length);
        foreach (var part in _parts.AsSpan(1, _parts.Length - 2))
        {
            var at = rest.IndexOf(part, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(at + part.Length)..];
        }

        return true;
    }
}
