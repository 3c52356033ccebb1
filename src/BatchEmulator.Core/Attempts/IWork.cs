namespace BatchEmulator.Core.Attempts;

/// <summary>
/// Marks the work of an attempt as the user specified it: a container, a task, a pod or a training job. An executor that creates more than
/// containers distinguishes it by its type.
/// </summary>
#pragma warning disable CA1040 // The types that it marks are defined in dependent folders.
public interface IWork;
#pragma warning restore CA1040
