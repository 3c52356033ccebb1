using System.Text.Json;
using BatchEmulator.Hosting;

namespace BatchEmulator.Server.Tests.Storage;

/// <summary>Emulators without a configured storage.</summary>
public sealed class MemoryStorageTests
{
    [Fact]
    public async Task Emulators_in_one_process_have_separate_storages()
    {
        await using var first = await Emulator.StartAsync(new EmulatorOptions { Bootstrap = true }, TestContext.Current.CancellationToken);
        await using var second = await Emulator.StartAsync(new EmulatorOptions(), TestContext.Current.CancellationToken);

        (await QueuesAsync(first)).Should().Equal("default");
        (await QueuesAsync(second)).Should().BeEmpty();
    }

    [Fact]
    public void Storages_have_distinct_names()
    {
        using var first = EmulatorStorage.InMemory();
        using var second = EmulatorStorage.InMemory();

        first.InstanceId.Should().NotBe(second.InstanceId);
    }

    private static async Task<IReadOnlyList<string?>> QueuesAsync(Emulator emulator)
    {
        using var http = new HttpClient(emulator.CreateHandler()) { BaseAddress = new("http://localhost") };
        using var body = new StringContent("{}");
        using var reply = await http.PostAsync("/v1/describejobqueues", body, TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return [.. document.RootElement.GetProperty("jobQueues").EnumerateArray().Select(queue => queue.GetProperty("jobQueueName").GetString())];
    }
}
