using System.Text;

namespace BatchEmulator.Hosting.Logs.Filtering;

/// <summary>Reads a pattern from left to right.</summary>
internal sealed class PatternReader(string text)
{
    private int _at;

    public bool AtEnd => _at >= text.Length;

    /// <summary>The next character; NUL at the end.</summary>
    public char Next => AtEnd ? '\0' : text[_at];

    public static LogsException Invalid(string? detail = null) =>
        LogsException.InvalidParameter(detail is null ? "Invalid filter pattern" : $"Invalid filter pattern: {detail}");

    public void SkipSpace()
    {
        while (!AtEnd && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    /// <summary>Skips the token if it comes next.</summary>
    public bool Take(string token)
    {
        if (!text.AsSpan(_at).StartsWith(token, StringComparison.Ordinal))
        {
            return false;
        }

        _at += token.Length;
        return true;
    }

    /// <summary>Skips the word, in any case, if it comes next and ends there.</summary>
    public bool TakeWord(string word)
    {
        SkipSpace();
        var end = _at + word.Length;
        if (!text.AsSpan(_at).StartsWith(word, StringComparison.OrdinalIgnoreCase)
            || (end < text.Length && char.IsLetterOrDigit(text[end])))
        {
            return false;
        }

        _at = end;
        return true;
    }

    public void Expect(string token)
    {
        SkipSpace();
        if (!Take(token))
        {
            throw Invalid(AtEnd ? $"'{token}' is missing at the end" : $"'{token}' is missing before '{text[_at..]}'");
        }
    }

    public string TakeWhile(Func<char, bool> wanted)
    {
        var start = _at;
        while (!AtEnd && wanted(text[_at]))
        {
            _at++;
        }

        return text[start.._at];
    }

    /// <summary>Reads a text between quotes; a backslash escapes the next character. The reader is before the opening quote.</summary>
    public string TakeQuoted(char quote)
    {
        _at++;
        var value = new StringBuilder();
        while (!AtEnd && text[_at] != quote)
        {
            if (text[_at] == '\\' && _at + 1 < text.Length && (text[_at + 1] == quote || text[_at + 1] == '\\'))
            {
                _at++;
            }

            value.Append(text[_at++]);
        }

        if (AtEnd)
        {
            throw Invalid($"a closing {quote} is missing");
        }

        _at++;
        return value.ToString();
    }
}
