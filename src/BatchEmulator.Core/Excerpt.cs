using System.Text;

namespace BatchEmulator.Core;

/// <summary>Truncates texts that are too long, never within a surrogate pair.</summary>
public static class Excerpt
{
    /// <summary>Returns a text, or its beginning if it is too long.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maximumLength">Maximum number of UTF-16 code units.</param>
    public static string Of(string text, int maximumLength) =>
        text.Length <= maximumLength ? text : text[..WholeCharacters(text, maximumLength)];

    /// <summary>Returns the number of UTF-16 code units from the start of a text that fit into a number of UTF-8 bytes.</summary>
    public static int LengthWithin(ReadOnlySpan<char> text, int maximumBytes)
    {
        // One byte per code unit at least: no more than this can fit, however long the rest is.
        var length = WholeCharacters(text, maximumBytes);
        var excess = Encoding.UTF8.GetByteCount(text[..length]) - maximumBytes;
        while (excess > 0)
        {
            // Three bytes per code unit at most.
            var shorter = WholeCharacters(text, length - Math.Max(1, excess / 3));
            excess -= Encoding.UTF8.GetByteCount(text[shorter..length]);
            length = shorter;
        }

        return length;
    }

    private static int WholeCharacters(ReadOnlySpan<char> text, int length) =>
        length >= text.Length ? text.Length
        : length > 0 && char.IsHighSurrogate(text[length - 1]) && char.IsLowSurrogate(text[length]) ? length - 1
        : length;
}
