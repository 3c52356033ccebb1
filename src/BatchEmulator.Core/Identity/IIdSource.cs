namespace BatchEmulator.Core.Identity;

/// <summary>Source of identifiers: random in the server, seeded in a simulation.</summary>
public interface IIdSource
{
    /// <summary>A version 4 UUID in lower case.</summary>
    string NewUuid();

    /// <summary>32 lower-case hexadecimal digits, as ECS task ids are.</summary>
    string NewHex32();
}
