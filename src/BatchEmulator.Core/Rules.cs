namespace BatchEmulator.Core;

/// <summary>States a rule of AWS Batch with the message for violations.</summary>
internal static class Rules
{
    /// <summary>States a rule about a field of the request: its message is wrapped on the wire.</summary>
    public static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw ClientException.Invalid(otherwise);
        }
    }

    /// <summary>States a rule about an object that the request refers to: its message is bare on the wire.</summary>
    public static void RequireState(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw ClientException.Refused(otherwise);
        }
    }
}
