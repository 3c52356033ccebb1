namespace BatchEmulator.Hosting.Engine;

/// <summary>Tells whether the emulator's time stands still, so that what takes AWS a while is done at once.</summary>
internal interface IHeldTime
{
    bool IsHeld { get; }
}
