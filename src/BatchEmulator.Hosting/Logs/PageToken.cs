using System.Buffers.Text;
using System.Text;

namespace BatchEmulator.Hosting.Logs;

/// <summary>The opaque <c>nextToken</c> of the Describe operations: the start of the next page.</summary>
internal static class PageToken
{
    /// <summary>Maximum length; no name is longer than 512 characters.</summary>
    private const int MaximumLength = 4_096;

    public static string Of(string place) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(place));

    public static string? Read(string? token)
    {
        if (token is null)
        {
            return null;
        }

        try
        {
            return token.Length <= MaximumLength
                ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token))
                : throw LogsException.InvalidToken();
        }
        catch (FormatException)
        {
            throw LogsException.InvalidToken();
        }
    }
}
