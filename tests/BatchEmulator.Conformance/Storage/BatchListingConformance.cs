using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using BatchEmulator.Core.Storage.Listings;

namespace BatchEmulator.Conformance.Storage;

/// <summary>
/// Listings of every store, page by page, compared with filtering and sorting all jobs. To test a store, derive a public class in a test
/// project and override <see cref="OpenStore"/> and <see cref="Queries"/>; every test has its own instance and thereby its own store.
/// </summary>
/// <remarks>A store that builds its pages by <see cref="QueueListing"/> and <see cref="GroupedWalk"/> has their order.</remarks>
public abstract class BatchListingConformance : IDisposable
{
    private const int Seed = 20261125;
    private readonly JobPopulation _population = new(Seed);
    private IBatchStore? _store;

    /// <summary>Queries of the store; available once it has been opened.</summary>
    protected abstract IBatchQueries Queries { get; }

    private IBatchStore Store => _store ??= OpenStore();

    private static JobQuery Query => new(JobPopulation.Scope, 10) { JobQueueArn = JobPopulation.QueueArn };

    private IEnumerable<Job> InQueue =>
        _population.Jobs.Where(j => j.ParentId is null && j.Specification.JobQueueArn == JobPopulation.QueueArn);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens an empty store.</summary>
    protected abstract IBatchStore OpenStore();

    /// <summary>Disposes the store. Override it to dispose the reads and to remove files.</summary>
    protected virtual void Dispose(bool disposing) => _store?.Dispose();

    [Fact]
    public void Queue_is_listed_by_status()
    {
        Fill();
        foreach (var status in Enum.GetValues<JobStatus>())
        {
            ShouldBe(Query with { Status = status }, InQueue.Where(j => j.Status == status).OrderByDescending(j => j.Sequence));
        }

        ShouldBe(Query, InQueue.OrderByDescending(j => j.Sequence));
        Queries.ListJobs(Query with { JobQueueArn = "arn:unknown" }).Jobs.Should().BeEmpty();
    }

    [Theory]
    [InlineData("part")]
    [InlineData("PART")]
    [InlineData("par*")]
    [InlineData("PARTY*")]
    [InlineData("P_*")]
    [InlineData("p_rt")]
    [InlineData("*")]
    [InlineData("zebra*")]
    [InlineData("zebras*")]
    [InlineData("pärt*")]
    [InlineData("")]
    public void Jobs_that_are_filtered_by_name_are_grouped_by_it(string filter)
    {
        Fill();
        ShouldBe(Query with { Filter = new(JobFilterKind.JobName, filter) }, Grouped(InQueue.Where(j => IsNamed(j, filter))));
    }

    [Theory]
    [InlineData("d")]
    [InlineData("d*")]
    [InlineData("d1*")]
    [InlineData("D*")]
    [InlineData("*")]
    [InlineData("d:1")]
    [InlineData("d:01")]
    [InlineData("d:1*")]
    [InlineData("other")]
    [InlineData("other:1*")]
    [InlineData("nothing")]
    [InlineData("arn:aws:batch:us-east-1:123456789012:job-definition/other:1")]
    [InlineData("arn:aws:batch:us-east-1:123456789012:job-definition/other:99")]
    [InlineData("arn:aws:batch:us-east-1:123456789012:job-definition/o*")]
    public void Jobs_are_filtered_by_definition(string filter)
    {
        Fill();
        var expected = InQueue.Where(j =>
        {
            var arn = j.Specification.JobDefinitionArn!;
            var name = arn.Split('/')[1];
            return filter.StartsWith("arn:", StringComparison.Ordinal) ? arn == filter
                : filter.EndsWith('*') ? name.StartsWith(filter[..^1], StringComparison.Ordinal)
                : name == filter || name.StartsWith(filter + ":", StringComparison.Ordinal);
        }).ToList();

        // A store that has to scan all jobs orders them by the time of creation.
        var isByTime = filter is ['d' or 'o', .., ':', '1', '*'];
        ShouldBe(
            Query with { Filter = new(JobFilterKind.JobDefinition, filter) },
            isByTime ? ByTime(expected) : expected.OrderByDescending(j => j.Sequence));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(600)]
    [InlineData(1_800)]
    [InlineData(3_600)]
    public void Jobs_are_filtered_by_time(int second)
    {
        Fill();
        var time = JobPopulation.StartMilliseconds + (second * 1_000L);
        var at = InQueue.FirstOrDefault(j => Created(j) >= time);
        foreach (var exact in new[] { time, at is null ? time : Created(at) })
        {
            var value = $"{exact}";
            ShouldBe(Query with { Filter = new(JobFilterKind.BeforeCreatedAt, value) }, ByTime(InQueue.Where(j => Created(j) < exact)));
            ShouldBe(Query with { Filter = new(JobFilterKind.AfterCreatedAt, value) }, ByTime(InQueue.Where(j => Created(j) > exact)));
        }
    }

    [Theory]
    [InlineData(JobFilterKind.ShareIdentifier, "s")]
    [InlineData(JobFilterKind.ShareIdentifier, "share")]
    [InlineData(JobFilterKind.ShareIdentifier, "S")]
    [InlineData(JobFilterKind.ShareIdentifier, "s*")]
    [InlineData(JobFilterKind.QuotaShareName, "s")]
    [InlineData(JobFilterKind.QuotaShareName, "S")]
    public void Jobs_are_filtered_by_share_with_and_without_a_status(JobFilterKind kind, string share)
    {
        Fill();
        var query = Query with { Filter = new(kind, share) };
        var expected = InQueue
            .Where(j => share == (kind == JobFilterKind.ShareIdentifier ? j.Specification.ShareIdentifier : j.Specification.QuotaShareName))
            .OrderByDescending(j => j.Sequence).ToList();
        ShouldBe(query, expected);
        foreach (var status in Enum.GetValues<JobStatus>())
        {
            ShouldBe(query with { Status = status }, expected.Where(j => j.Status == status));
        }
    }

    [Fact]
    public void Children_and_nodes_are_listed_by_index_and_status()
    {
        Fill();
        var wholes = _population.Jobs.Where(j => j.Specification.Parts > 0 && j.ParentId is null).ToList();
        wholes.Should().Contain(j => j.IsArrayParent).And.Contain(j => j.IsMultiNode);
        foreach (var whole in wholes)
        {
            var query = new JobQuery(JobPopulation.Scope, 3)
            {
                ArrayJobId = whole.IsArrayParent ? whole.Id : null,
                MultiNodeJobId = whole.IsMultiNode ? whole.Id : null,
            };
            var parts = _population.Jobs.Where(j => j.ParentId == whole.Id).OrderBy(j => j.Index).ToList();
            ShouldBe(query, parts);
            foreach (var status in parts.Select(p => p.Status).Distinct())
            {
                ShouldBe(query with { Status = status }, parts.Where(p => p.Status == status));
            }

            Queries.ListJobs(query).Jobs[0].Should().BeEquivalentTo(parts[0]);
            Queries.ListJobs(query with { Scope = JobPopulation.Scope with { Region = "eu-west-1" } }).Jobs.Should().BeEmpty();
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("PART")]
    [InlineData("par*")]
    [InlineData("*")]
    [InlineData("nothing*")]
    public void Consumers_are_listed_by_status_and_name(string? name)
    {
        Fill();
        var consumers = _population.Jobs
            .Where(j => j.ParentId is null && j.Specification.Units is not null && (name is null || IsNamed(j, name))).ToList();
        foreach (var status in Enum.GetValues<JobStatus>().Select(s => (JobStatus?)s).Prepend(null))
        {
            var expected = consumers.Where(j => status is null || j.Status == status).ToList();
            var query = new ConsumerQuery(JobPopulation.Scope, JobPopulation.Licence, 7) { Name = name, Status = status };
            Pages(after => new(Queries.Consumers(query with { After = after })))
                .Should().Equal((name is null ? expected.OrderByDescending(j => j.Sequence) : Grouped(expected)).Select(j => j.Id));
        }
    }

    [Fact]
    public void Search_that_finds_little_ends_with_the_last_page()
    {
        var template = _population.Jobs.First(j => j is { ParentId: null, Specification.Parts: 0 }) with
        {
            Status = JobStatus.Runnable,
            StoppedAt = null,
        };
        var many = Enumerable.Range(0, QueueListing.Stride + 10).Select(i => template with
        {
            Id = new Guid(i, 0, 0, new byte[8]).ToString(),
            Sequence = 100_000 + i,
            Specification = template.Specification with
            {
                JobQueueArn = JobPopulation.QueueArn,
                JobDefinitionArn = Arn.JobDefinition(JobPopulation.Scope, "d", i == 0 ? 1 : 2),
            },
        }).ToList();
        Store.Commit([.. _population.Setup, .. many.Select(j => new JobSaved(j, null))]);

        ShouldBe(Query with { Filter = new(JobFilterKind.JobDefinition, "d:1*") }, [many[0]]);
        ShouldBe(Query with { Filter = new(JobFilterKind.JobDefinition, "d:3*") }, []);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    [InlineData(false)]
    public void Definitions_are_listed_by_name_and_status(bool? isActive)
    {
        Fill();
        var present = _population.Setup.OfType<JobDefinitionSaved>()
            .Select(c => c.Value with { IsActive = c.Value.Revision % 3 != 0 }).ToList();
        var purged = present.First(d => !d.IsActive);
        Store.Commit([.. present.Select(d => new JobDefinitionSaved(d)), new JobDefinitionPurged(purged)]);
        present.Remove(purged);

        foreach (var name in present.Select(d => d.Name).Distinct().Append("nothing").Append(null))
        {
            var expected = present.Where(d => (name is null || d.Name == name) && (isActive is null || d.IsActive == isActive))
                .OrderBy(d => d.Name, StringComparer.Ordinal).ThenByDescending(d => d.Revision);
            var found = new List<string>();
            var query = new JobDefinitionQuery(JobPopulation.Scope, 3) { Name = name, IsActive = isActive };
            for (var page = Queries.JobDefinitions(query); page.Count > 0;)
            {
                found.AddRange(page.Select(d => d.Value.Arn));
                page = Queries.JobDefinitions(query with { After = (page[^1].Value.Name, page[^1].Value.Revision) });
            }

            found.Should().Equal(expected.Select(d => d.Arn), "{0}", name);
        }
    }

    /// <summary>Stores a population of jobs.</summary>
    protected void Fill()
    {
        foreach (var turn in _population.Turns())
        {
            Store.Commit(turn);
        }
    }

    private static long Created(Job job) => job.CreatedAt.ToUnixTimeMilliseconds();

    private static IEnumerable<Job> ByTime(IEnumerable<Job> jobs) => jobs.OrderByDescending(Created).ThenByDescending(j => j.Sequence);

    private static IEnumerable<Job> Grouped(IEnumerable<Job> jobs) =>
        jobs.OrderBy(j => j.Specification.JobName.ToLowerInvariant(), StringComparer.Ordinal).ThenByDescending(j => j.Sequence);

    private static bool IsNamed(Job job, string filter) => filter.EndsWith('*')
        ? job.Specification.JobName.StartsWith(filter[..^1], StringComparison.OrdinalIgnoreCase)
        : job.Specification.JobName.Equals(filter, StringComparison.OrdinalIgnoreCase);

    private void ShouldBe(JobQuery query, IEnumerable<Job> expected) =>
        Pages(after => Queries.ListJobs(query with { After = after })).Should().Equal(expected.Select(j => j.Id), "{0}", query);

    /// <summary>Returns the ids of all pages.</summary>
    private static List<string> Pages(Func<JobPlace?, JobPage> read)
    {
        var ids = new List<string>();
        for (JobPlace? after = null; ;)
        {
            var page = read(after);
            ids.AddRange(page.Jobs.Select(j => j.Id));
            if (page.Jobs.Count == 0 && page.StoppedAt is null)
            {
                return ids;
            }

            after = page.StoppedAt ?? JobPlace.Of(page.Jobs[^1]);
        }
    }
}
