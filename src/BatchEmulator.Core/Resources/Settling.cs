namespace BatchEmulator.Core.Resources;

/// <summary>
/// Compute environments and job queues pass through CREATING, UPDATING and DELETING. On AWS that takes seconds to minutes; here long
/// enough to be seen by a client that polls, and well under a second.
/// </summary>
public static class Settling
{
    public static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(150);
}
