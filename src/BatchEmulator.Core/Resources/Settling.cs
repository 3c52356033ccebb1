namespace BatchEmulator.Core.Resources;

/// <summary>
/// Compute environments and job queues pass through CREATING, UPDATING and DELETING. On AWS that takes seconds to minutes; here it is long
/// enough to be visible to a client that polls, and well under a second.
/// </summary>
public static class Settling
{
    /// <summary>Default of <c>--resource-delay</c>.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(150);
}
