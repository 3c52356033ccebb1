using System.Text.Json;
using System.Text.RegularExpressions;
using BatchEmulator.Conformance.Storage;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using BatchEmulator.Core.Storage.Listings;
using BatchEmulator.Storage.Sqlite.Batch;
using BatchEmulator.Storage.Sqlite.Database;

namespace BatchEmulator.Server.Tests.Storage;

/// <summary>Conformance of SQLite's listings, each of which walks an index in the order of its result.</summary>
public sealed partial class SqliteBatchListingTests : BatchListingConformance
{
    private readonly string _folder = Directory.CreateTempSubdirectory("batch-emulator-test-").FullName;
    private readonly List<string> _texts = [];
    private SqliteBatchQueries? _queries;

    protected override IBatchQueries Queries => _queries ??= new SqliteBatchQueries(DatabasePath, _texts.Add);

    private static JobQuery Jobs => new(JobPopulation.Scope, 10) { JobQueueArn = JobPopulation.QueueArn };

    private string DatabasePath => Path.Combine(_folder, "batch.db");

    public static TheoryData<string, string> Listings => new()
    {
        { "status", "job_listing" },
        { "every status", "job_listing" },
        { "name", "job_by_name" },
        { "name prefix", "job_by_name" },
        { "next page of names", "job_by_name" },
        { "definition d", "job_by_definition" },
        { "definition d*", "job_by_definition" },
        { "definition d:1", "job_by_definition" },
        { "definition d:1*", "job_by_creation" },
        { "before", "job_by_creation" },
        { "after", "job_by_creation" },
        { "share", "job_by_share" },
        { "share and status", "job_by_share" },
        { "children", "rowid" },
        { "children by status", "job_children" },
        { "nodes by status", "job_children" },
        { "consumers", "PRIMARY KEY" },
        { "consumers by status", "consumer_by_status" },
        { "consumers by name", "consumer_by_name" },
        { "consumers by status and name", "consumer_by_status_and_name" },
        { "definitions", "job_definition_present" },
        { "next page of definitions", "job_definition_present" },
        { "definitions by name", "job_definition_present" },
        { "definitions by status", "job_definition_by_status" },
        { "definitions by name and status", "job_definition_by_status" },
        { "queues", "resource_listing" },
    };

    [Theory]
    [MemberData(nameof(Listings))]
    public void Listing_walks_an_index_in_its_order(string listing, string index)
    {
        Fill();
        List(listing);

        var plans = _texts.Select(text => (Text: text, Steps: PlanOf(text))).ToList();
        plans.SelectMany(p => p.Steps).Should().NotContain(step => step.Contains("TEMP B-TREE"), "nothing is sorted")
            .And.NotContain(step => step.StartsWith("SCAN"), "no table is read as a whole")
            .And.Contain(step => step.Contains(index));
    }

    [Fact]
    public void Search_that_finds_little_stops_and_continues_with_the_next_page()
    {
        var jobs = Enumerable.Range(0, QueueListing.Stride + 10).Select(i => JobOf(i, ArnOf("d", i == 0 ? 17 : 2))).ToList();
        using (var store = OpenStore())
        {
            store.Commit([.. new JobPopulation(1).Setup, .. jobs.Select(j => new JobSaved(j, null))]);
        }

        var query = Jobs with { Limit = 3, Filter = new(JobFilterKind.JobDefinition, "d:1*") };
        var first = Queries.ListJobs(query);
        var second = Queries.ListJobs(query with { After = first.StoppedAt });

        first.Jobs.Should().BeEmpty();
        first.StoppedAt!.Value.Sequence.Should().Be(jobs[10].Sequence);
        second.Jobs.Should().ContainSingle().Which.Id.Should().Be(jobs[0].Id);
        second.StoppedAt.Should().BeNull();
    }

    [Fact]
    public void Name_with_very_many_revisions_is_searched_for()
    {
        var (definition, job) = (new JobPopulation(1).Setup.OfType<JobDefinitionSaved>().First().Value, JobOf(1, ArnOf("many", 1)));
        using (var store = OpenStore())
        {
            store.Commit(
            [
                .. new JobPopulation(1).Setup,
                .. Enumerable.Range(1, QueueListing.MaximumMerged + 1).Select(revision => new JobDefinitionSaved(definition with
                {
                    Arn = ArnOf("many", revision),
                    Name = "many",
                    Revision = revision,
                    Sequence = 200 + revision,
                })),
                new JobSaved(job, null), new JobSaved(JobOf(2, definition.Arn), null),
            ]);
        }

        Queries.ListJobs(Jobs with { Filter = new(JobFilterKind.JobDefinition, "many") }).Jobs
            .Should().ContainSingle().Which.Id.Should().Be(job.Id);
        _texts.Should().Contain(text => text.Contains("definition FROM job_specification"), "more definitions than are merged");
    }

    [Fact]
    public void Jobs_of_an_older_version_are_listed()
    {
        var (job, definition) = (JobOf(1, ArnOf("d", 1)), 7);
        using (var connection = SqliteDatabase.OpenWriter(DatabasePath))
        {
            BatchSchema.Migrate(connection, last: 5);
            using var insert = new SqliteStatement(
                connection,
                """
                INSERT INTO resource VALUES (1, 2, '123456789012/us-east-1', $1, '{}');
                INSERT INTO job_definition VALUES ($5, '123456789012/us-east-1', 'd', 1, 1, $4, '{}');
                INSERT INTO job (sequence, id, queue, status, created, flags) VALUES ($2, $3, 1, 5, 1000, 0);
                INSERT INTO job_specification (sequence, scope, name, definition, share, document)
                VALUES ($2, '123456789012/us-east-1', 'Part', $4, 's', $7);
                INSERT INTO consumer VALUES ($6, $2);
                """,
                7);
            insert.Run(
                JobPopulation.QueueArn, job.Sequence, job.Id, job.Specification.JobDefinitionArn, definition, JobPopulation.Licence,
                JsonSerializer.Serialize(job.Specification, StoredJson.Documents.JobSpecification));
        }

        OpenStore().Dispose();

        JobFilter[] filters =
        [
            new(JobFilterKind.JobName, "part"), new(JobFilterKind.JobDefinition, "d"), new(JobFilterKind.BeforeCreatedAt, "1001"),
            new(JobFilterKind.AfterCreatedAt, "999"), new(JobFilterKind.ShareIdentifier, "s"),
        ];
        filters.Should().AllSatisfy(filter => Queries.ListJobs(Jobs with { Filter = filter }).Jobs.Should().ContainSingle());
        Queries.ListJobs(Jobs with { Status = JobStatus.Running }).Jobs.Should().ContainSingle();
        Queries.Consumers(new(JobPopulation.Scope, JobPopulation.Licence, 10) { Status = JobStatus.Running, Name = "p*" })
            .Should().ContainSingle();
    }

    protected override IBatchStore OpenStore() => new SqliteBatchStore(DatabasePath);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _queries?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex(@"\$\d+", RegexOptions.None, 1_000)]
    private static partial Regex Parameter();

    private static string ArnOf(string definition, int revision) => Arn.JobDefinition(JobPopulation.Scope, definition, revision);

    private static Job JobOf(int number, string definitionArn) => new JobPopulation(1).Jobs[0] with
    {
        Id = new Guid(number, 0, 0, new byte[8]).ToString(),
        Sequence = 10_000 + number,
        Status = JobStatus.Runnable,
        StoppedAt = null,
        Specification = new()
        {
            JobName = "Part",
            JobQueueArn = JobPopulation.QueueArn,
            JobDefinitionArn = definitionArn,
            Needs = new(1000, 64),
        },
    };

    private void List(string listing)
    {
        var scope = JobPopulation.Scope;
        var consumers = new ConsumerQuery(scope, JobPopulation.Licence, 10);
        var definitions = new JobDefinitionQuery(scope, 10);
        var parent = new JobPopulation(20261125).Jobs.First(j => j.IsArrayParent).Id;
        var whole = new JobPopulation(20261125).Jobs.First(j => j.IsMultiNode).Id;
        JobQuery Filtered(JobFilterKind kind, string value) => Jobs with { Filter = new(kind, value) };
        object _ = listing switch
        {
            "status" => Queries.ListJobs(Jobs with { Status = JobStatus.Running }),
            "every status" => Queries.ListJobs(Jobs),
            "name" => Queries.ListJobs(Filtered(JobFilterKind.JobName, "part")),
            "name prefix" => Queries.ListJobs(Filtered(JobFilterKind.JobName, "p*") with { Limit = 1_000 }),
            "next page of names" =>
                Queries.ListJobs(Filtered(JobFilterKind.JobName, "p*") with { Limit = 1_000, After = new(1, 1, "part") }),
            "before" => Queries.ListJobs(Filtered(JobFilterKind.BeforeCreatedAt, "1")),
            "after" => Queries.ListJobs(Filtered(JobFilterKind.AfterCreatedAt, "1")),
            "share" => Queries.ListJobs(Filtered(JobFilterKind.ShareIdentifier, "s")),
            "share and status" => Queries.ListJobs(Filtered(JobFilterKind.ShareIdentifier, "s") with { Status = JobStatus.Running }),
            "children" => Queries.ListJobs(new JobQuery(scope, 10) { ArrayJobId = parent }),
            "children by status" => Queries.ListJobs(new JobQuery(scope, 10) { ArrayJobId = parent, Status = JobStatus.Running }),
            "nodes by status" => Queries.ListJobs(new JobQuery(scope, 10) { MultiNodeJobId = whole, Status = JobStatus.Running }),
            "consumers" => Queries.Consumers(consumers),
            "consumers by status" => Queries.Consumers(consumers with { Status = JobStatus.Running }),
            "consumers by name" => Queries.Consumers(consumers with { Name = "p*" }),
            "consumers by status and name" => Queries.Consumers(consumers with { Status = JobStatus.Running, Name = "p*" }),
            "definitions" => Queries.JobDefinitions(definitions),
            "next page of definitions" => Queries.JobDefinitions(definitions with { After = ("d", 1) }),
            "definitions by name" => Queries.JobDefinitions(definitions with { Name = "d" }),
            "definitions by status" => Queries.JobDefinitions(definitions with { IsActive = true }),
            "definitions by name and status" => Queries.JobDefinitions(definitions with { Name = "d", IsActive = true, After = ("d", 2) }),
            "queues" => Queries.Resources(JobQueue.Row, new ResourceQuery(scope, null, 0, 10)),
            _ when listing.StartsWith("definition ", StringComparison.Ordinal) =>
                Queries.ListJobs(Filtered(JobFilterKind.JobDefinition, listing["definition ".Length..])),
            _ => throw new ArgumentOutOfRangeException(nameof(listing)),
        };
    }

    private List<string> PlanOf(string sql)
    {
        using var connection = SqliteDatabase.OpenReader(DatabasePath);
        var parameters = Parameter().Matches(sql).Select(m => m.Value).Distinct().Count();
        using var plan = new SqliteStatement(connection, $"EXPLAIN QUERY PLAN {sql}", parameters);
        return plan.Rows(row => row.GetString(3), new object?[parameters]);
    }
}
