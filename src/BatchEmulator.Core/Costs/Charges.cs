namespace BatchEmulator.Core.Costs;

/// <summary>Sums of charges by tariff.</summary>
internal sealed class Charges
{
    private static readonly int Tariffs = Enum.GetValues<Tariff>().Length;

    private Charge[]? _byTariff;

    public Charge this[Tariff tariff] => _byTariff is null ? default : _byTariff[(int)tariff];

    public Charge Total
    {
        get
        {
            var total = default(Charge);
            foreach (var charge in _byTariff ?? [])
            {
                total += charge;
            }

            return total;
        }
    }

    public void Add(Tariff tariff, Charge charge)
    {
        _byTariff ??= new Charge[Tariffs];
        _byTariff[(int)tariff] += charge;
    }

    public void Add(Charges others)
    {
        for (var tariff = 0; tariff < (others._byTariff?.Length ?? 0); tariff++)
        {
            Add((Tariff)tariff, others._byTariff![tariff]);
        }
    }
}
