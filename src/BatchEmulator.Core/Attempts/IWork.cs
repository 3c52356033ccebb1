namespace BatchEmulator.Core.Attempts;

/// <summary>
/// Marks what an attempt runs as the user specified it: a container, a task, a pod or a training job. An executor that builds more than
/// containers reads it by its type.
/// </summary>
#pragma warning disable CA1040 // The types that it marks stand above this folder.
public interface IWork;
#pragma warning restore CA1040
