namespace BatchEmulator.Core.Storage.Listings;

/// <summary>Order of names in listings: that of their characters in lower case. Names are ASCII.</summary>
public static class NameOrder
{
    /// <summary>Returns a name in lower case, as indexes sort it; characters that are not ASCII stay.</summary>
    public static string Fold(string name) => string.Create(name.Length, name, static (folded, name) =>
    {
        for (var index = 0; index < folded.Length; index++)
        {
            folded[index] = char.IsAsciiLetterUpper(name[index]) ? (char)(name[index] | ' ') : name[index];
        }
    });
}
