using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Engine.Projections;

/// <summary>Data derived from the tables of the state, which applied changes keep up to date.</summary>
internal interface IProjection
{
    /// <summary>Processes a saved job; the table holds it already.</summary>
    /// <param name="before">The job as it was; null if it is new or has just been loaded.</param>
    /// <param name="job">The job as it is.</param>
    void Follow(Job? before, Job job)
    {
    }

    /// <summary>Processes a resource that was saved or removed; the table holds it already, or no longer.</summary>
    /// <param name="before">The resource as it was; null if it is new or has just been loaded.</param>
    /// <param name="resource">The resource as it is; null if it was removed.</param>
    void Follow(Resource? before, Resource? resource)
    {
    }

    /// <summary>Forgets everything, like the tables.</summary>
    void Clear();
}
