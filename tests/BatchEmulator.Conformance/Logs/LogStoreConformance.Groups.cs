using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Conformance.Logs;

public abstract partial class LogStoreConformance
{
    [Fact]
    public void Group_is_found_as_it_was_added()
    {
        var settings = new LogGroupSettings("INFREQUENT_ACCESS", "arn:aws:kms:us-east-1:123456789012:key/k", IsDeletionProtected: true);

        Write(transaction => transaction.AddGroup(Jobs, settings).Should().BeTrue());

        FindGroup(Jobs).Should().Be(new LogGroup(Jobs.Name, NoonMs, settings, RetentionInDays: null, StoredBytes: 0));
        FindTags(Jobs).Should().BeEmpty();
        FindGroup(Jobs with { Name = "other" }).Should().BeNull();
    }

    [Fact]
    public void Group_is_added_once()
    {
        Write(transaction => transaction.AddGroup(Jobs, new(KmsKeyId: "first")));

        Write(transaction => transaction.AddGroup(Jobs, new(KmsKeyId: "second")).Should().BeFalse());

        FindGroup(Jobs)!.Settings.KmsKeyId.Should().Be("first");
    }

    [Fact]
    public void Groups_of_accounts_and_Regions_share_nothing()
    {
        var elsewhere = Jobs with { Scope = Here with { Region = "eu-central-1" } };
        var another = Jobs with { Scope = Here with { Account = "999999999999" } };
        Append("s", "here");
        Write(transaction => transaction.AppendLine(new(elsewhere, "s"), new(NoonMs, "elsewhere")));

        Messages("s").Should().Equal("here");
        Store.Read(snapshot => snapshot.Events(new(elsewhere, "s"), LogPosition.Start, LogPosition.End).Single().Message).Should()
            .Be("elsewhere");
        FindGroup(another).Should().BeNull();
        GroupNames(new(elsewhere.Scope, 10)).Should().Equal(Jobs.Name);

        Write(transaction => transaction.RemoveGroup(elsewhere).Should().BeTrue());
        Messages("s").Should().Equal("here");
    }

    [Fact]
    public void Groups_are_listed_by_name_page_by_page()
    {
        AddGroups("b", "a", "B", "d", "c", "a/b");

        GroupNames(new(Here, 10)).Should().Equal("B", "a", "a/b", "b", "c", "d");
        GroupNames(new(Here, 2)).Should().Equal("B", "a");
        GroupNames(new(Here, 2) { After = "a" }).Should().Equal("a/b", "b");
        GroupNames(new(Here, 2) { After = "bb" }).Should().Equal("c", "d");
        GroupNames(new(Here, 2) { After = "d" }).Should().BeEmpty();
    }

    [Fact]
    public void Groups_are_selected_by_prefix_part_and_class()
    {
        AddGroups("/aws/batch/job", "/aws/batch/jobs", "my-batch");
        Write(transaction => transaction.AddGroup(new(Here, "rare"), new("INFREQUENT_ACCESS")));

        GroupNames(new(Here, 10) { Prefix = "/aws/" }).Should().Equal("/aws/batch/job", "/aws/batch/jobs");
        GroupNames(new(Here, 10) { Prefix = "/aws/batch/job", After = "/aws/batch/job" }).Should().Equal("/aws/batch/jobs");
        GroupNames(new(Here, 10) { Part = "BATCH" }).Should().Equal("/aws/batch/job", "/aws/batch/jobs", "my-batch");
        GroupNames(new(Here, 10) { Prefix = "my", Part = "job" }).Should().BeEmpty();
        GroupNames(new(Here, 10) { Class = "INFREQUENT_ACCESS" }).Should().Equal("rare");
    }

    [Fact]
    public void Retention_is_set_and_removed()
    {
        AddGroups("g");
        var group = new LogGroupKey(Here, "g");

        Write(transaction => transaction.SetRetention(group, 3).Should().BeTrue());
        FindGroup(group)!.RetentionInDays.Should().Be(3);

        Write(transaction => transaction.SetRetention(group, days: null).Should().BeTrue());
        FindGroup(group)!.RetentionInDays.Should().BeNull();
        Write(transaction => transaction.SetRetention(group with { Name = "none" }, 3).Should().BeFalse());
    }

    [Fact]
    public void Tags_are_set_replaced_and_removed()
    {
        AddGroups("g");
        var group = new LogGroupKey(Here, "g");

        Write(transaction => transaction.PatchTags(group, new Dictionary<string, string?> { ["b"] = "2", ["a"] = "1", ["B'\""] = "" }).Should().BeTrue());
        Write(transaction => transaction.PatchTags(group, new Dictionary<string, string?> { ["a"] = "one", ["b"] = null, ["none"] = null, ["c"] = "ä" }));

        FindTags(group).Should()
            .Equal(new Dictionary<string, string> { ["B'\""] = "", ["a"] = "one", ["c"] = "ä" }, "they come in the order of their keys");
        FindTags(group with { Name = "none" }).Should().BeNull();
        Write(transaction => transaction.PatchTags(group with { Name = "none" }, new Dictionary<string, string?>()).Should().BeFalse());
    }

    [Fact]
    public void Removed_group_is_gone_at_once_and_begins_empty_when_it_is_added_again()
    {
        Append("s", "old");
        Write(transaction => transaction.PatchTags(Jobs, new Dictionary<string, string?> { ["a"] = "1" }));

        Write(transaction => transaction.RemoveGroup(Jobs).Should().BeTrue());

        FindGroup(Jobs).Should().BeNull();
        FindStream("s").Should().BeNull();
        Events("s").Should().BeEmpty();
        Scan().Should().BeEmpty();
        GroupNames(new(Here, 10)).Should().BeEmpty();
        Write(transaction => transaction.RemoveGroup(Jobs).Should().BeFalse());

        Append("s", "new");
        FindTags(Jobs).Should().BeEmpty();
        PurgeAll(Noon);
        Messages("s").Should().Equal("new");
        Scan().Should().ContainSingle();
        FindGroup(Jobs)!.StoredBytes.Should().Be(3 + LogEvent.OverheadBytes);
    }

    [Fact]
    public void Group_can_be_removed_and_added_in_the_transaction_that_writes_to_it()
    {
        Append("s", "first");

        Write(transaction =>
        {
            transaction.AppendLine(Stream("s"), new(NoonMs, "second"));
            transaction.RemoveGroup(Jobs).Should().BeTrue();
            transaction.FindStream(Stream("s")).Should().BeNull();
            transaction.AppendLine(Stream("s"), new(NoonMs, "third"));
        });

        Messages("s").Should().Equal("third");
        FindStream("s")!.Lines.Should().Be(1);
    }

    [Fact]
    public void Store_is_empty_and_usable_after_removing_everything()
    {
        Append("s", "a");
        Write(transaction => transaction.AppendLine(new(Here with { Region = "eu-central-1" }, "g", "s"), new(NoonMs, "b")));

        Write(transaction =>
        {
            transaction.AppendLine(Stream("t"), new(NoonMs, "c"));
            transaction.RemoveAll();
        });

        FindGroup(Jobs).Should().BeNull();
        GroupNames(new(Here with { Region = "eu-central-1" }, 10)).Should().BeEmpty();
        Append("s", "d");
        Messages("s").Should().Equal("d");
        FindStream("s")!.Lines.Should().Be(1);
    }

    private void AddGroups(params string[] names) => Write(transaction =>
    {
        foreach (var name in names)
        {
            transaction.AddGroup(new(Here, name), LogGroupSettings.Default);
        }
    });

    private List<string> GroupNames(LogGroupQuery query) =>
        Store.Read(snapshot => snapshot.Groups(query).Select(group => group.Name).ToList());
}
