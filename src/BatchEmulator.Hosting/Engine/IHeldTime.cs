namespace BatchEmulator.Hosting.Engine;

/// <summary>Tells if the emulator's time stands still; actions that take AWS a while are then done at once.</summary>
internal interface IHeldTime
{
    bool IsHeld { get; }
}
