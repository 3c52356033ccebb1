namespace BatchEmulator.Core.Identity;

/// <summary>Source of identifiers: random in the server, seeded in a simulation.</summary>
public interface IIdSource
{
    /// <summary>Returns a version 4 UUID in lower case.</summary>
    string NewUuid();

    /// <summary>Returns 32 lower-case hexadecimal digits, the form of ECS task ids.</summary>
    string NewHex32();
}
