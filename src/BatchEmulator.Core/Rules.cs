namespace BatchEmulator.Core;

/// <summary>States a rule of AWS Batch together with the text that refuses what breaks it.</summary>
internal static class Rules
{
    /// <summary>A rule about a field of the request: its text is wrapped on the wire.</summary>
    public static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw ClientException.Invalid(otherwise);
        }
    }

    /// <summary>A rule about something the request refers to: its text is bare on the wire.</summary>
    public static void RequireState(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw ClientException.Refused(otherwise);
        }
    }
}
