/** An invented municipality of Oslo's kind: agencies, their units, who works there and what they are asked about. */

/** A kind of unit. `%` in a text stands for the district. */
export interface UnitKind {
  readonly agency: string;
  readonly unit: string;
  /** How many people work there, relative to others. */
  readonly weight: number;
  readonly titles: readonly string[];
  readonly keywords: readonly string[];
  readonly workplaces: readonly string[];
}

const list = (text: string): readonly string[] => text.split(',').map((item) => item.trim());

const districts = list(
  'Gamle Oslo, Grünerløkka, Sagene, St. Hanshaugen, Frogner, Ullern, Vestre Aker, Nordre Aker, Bjerke, Grorud, Stovner, Alna, Østensjø, Nordstrand, Søndre Nordstrand',
);

const inDistrict: readonly UnitKind[] = [
  {
    agency: 'Bydel %',
    unit: 'Barnehagekontoret %',
    weight: 4,
    titles: list('barnehagekonsulent, barnehagelærer, pedagogisk veileder, styrer, enhetsleder'),
    keywords: list(
      'barnehageopptak, barnehageplass, søknad om barnehage, redusert foreldrebetaling, søskenmoderasjon, overflytting, supplerende opptak, åpen barnehage, ventelister, oppsigelse av plass, matpenger, gratis kjernetid',
    ),
    workplaces: list('Bydelshuset %, Servicesenteret %'),
  },
  {
    agency: 'Bydel %',
    unit: 'NAV %',
    weight: 8,
    titles: list('veileder, sosialkonsulent, gjeldsrådgiver, avdelingsleder, jobbspesialist'),
    keywords: list(
      'sosialhjelp, økonomisk stønad, nødhjelp, gjeldsrådgivning, bostøtte, midlertidig bolig, kvalifiseringsprogram, husleierestanse, strømregning, introduksjonsprogram, forvaltning av trygd, aktivitetsplikt',
    ),
    workplaces: list('NAV-kontoret %, Bydelshuset %'),
  },
  {
    agency: 'Bydel %',
    unit: 'Barnevernet %',
    weight: 5,
    titles: list('barnevernskonsulent, barnevernspedagog, teamleder, miljøterapeut'),
    keywords: list('bekymringsmelding, barnevernvakt, fosterhjem, besøkshjem, hjelpetiltak, tilsyn, undersøkelse, ettervern'),
    workplaces: list('Bydelshuset %, Velferdsbygget %'),
  },
  {
    agency: 'Bydel %',
    unit: 'Hjemmetjenesten %',
    weight: 10,
    titles: list('sykepleier, hjelpepleier, helsefagarbeider, hjemmehjelp, fagkoordinator, enhetsleder'),
    keywords: list(
      'hjemmesykepleie, hjemmehjelp, trygghetsalarm, medisindosett, nøkkelboks, matombringing, praktisk bistand, velferdsteknologi',
    ),
    workplaces: list('Omsorgsbygget %, Seniorsenteret %'),
  },
  {
    agency: 'Bydel %',
    unit: 'Søknadskontoret %',
    weight: 4,
    titles: list('saksbehandler, ergoterapeut, konsulent, seksjonsleder'),
    keywords: list(
      'sykehjemsplass, omsorgsbolig, omsorgsstønad, avlastning, støttekontakt, TT-kort, BPA, korttidsopphold, dagsenter',
    ),
    workplaces: list('Bydelshuset %'),
  },
  {
    agency: 'Bydel %',
    unit: 'Helsestasjonen %',
    weight: 4,
    titles: list('helsesykepleier, jordmor, kommunelege, fysioterapeut'),
    keywords: list(
      'vaksinasjon, svangerskapskontroll, helsestasjon for ungdom, skolehelsetjeneste, småbarnskontroll, ammehjelp, reisevaksine',
    ),
    workplaces: list('Helsestasjonen %, Velferdsbygget %'),
  },
  {
    agency: 'Bydel %',
    unit: 'Boligkontoret %',
    weight: 2,
    titles: list('boligkonsulent, saksbehandler, vaktmester'),
    keywords: list('kommunal bolig, startlån, husbank, boligtilskudd, leiekontrakt, bytte av bolig, depositumsgaranti'),
    workplaces: list('Bydelshuset %'),
  },
  {
    agency: 'Bydel %',
    unit: 'Servicesenteret %',
    weight: 2,
    titles: list('kundebehandler, arkivmedarbeider, sekretær, informasjonskonsulent'),
    keywords: list('åpningstider, utleie av lokaler, bydelsutvalg, postjournal, innsyn, frivillighet, nærmiljøtilskudd'),
    workplaces: list('Bydelshuset %'),
  },
];

const central: readonly UnitKind[] = [
  {
    agency: 'Plan- og bygningsetaten',
    unit: 'Byggesaksavdelingen',
    weight: 20,
    titles: list('byggesaksbehandler, arkitekt, ingeniør, jurist, avdelingsleder'),
    keywords: list(
      'byggesøknad, nabovarsel, ferdigattest, bruksendring, påbygg, garasje, terrasse, ulovlig bygging, delesøknad, dispensasjon, våtrom',
    ),
    workplaces: list('Vahls gate 1, Rådhuset'),
  },
  {
    agency: 'Plan- og bygningsetaten',
    unit: 'Områdeplan',
    weight: 10,
    titles: list('planlegger, landskapsarkitekt, spesialkonsulent'),
    keywords: list(
      'reguleringsplan, kommuneplan, småhusplan, høring, kulturminner, fortetting, kartbestilling, matrikkel, oppmåling',
    ),
    workplaces: list('Vahls gate 1'),
  },
  {
    agency: 'Renovasjonsetaten',
    unit: 'Kundesenter avfall',
    weight: 12,
    titles: list('kundekonsulent, renovatør, driftsleder, avfallsrådgiver'),
    keywords: list(
      'søppeltømming, grønn pose, blå pose, gjenbruksstasjon, farlig avfall, avfallsbeholder, papirhenting, hageavfall, renovasjonsgebyr, nedgravd container',
    ),
    workplaces: list('Haraldrud gjenbruksstasjon, Grønmo, Bryn'),
  },
  {
    agency: 'Kemnerkontoret',
    unit: 'Innkreving',
    weight: 10,
    titles: list('skatterådgiver, innkrevingskonsulent, jurist'),
    keywords: list(
      'restskatt, utleggstrekk, betalingsavtale, skattekort, arbeidsgiveravgift, purring, namsmann, eiendomsskatt',
    ),
    workplaces: list('Hagegata 23'),
  },
  {
    agency: 'Kulturetaten',
    unit: 'Kulturskolen',
    weight: 9,
    titles: list('musikklærer, danselærer, rektor, teaterpedagog, koordinator'),
    keywords: list(
      'kulturskoleplass, pianotimer, fiolin, dans, teater, visuell kunst, kor, korps, semesteravgift, instrumentleie',
    ),
    workplaces: list('Trafo kulturhus, Tøyen skole, Majorstuen skole'),
  },
  {
    agency: 'Deichman bibliotek',
    unit: 'Publikumstjenester',
    weight: 8,
    titles: list('bibliotekar, formidler, avdelingsleder'),
    keywords: list('lånekort, purregebyr, fjernlån, lydbøker, leksehjelp, meråpent bibliotek, høytlesning, 3D-printer'),
    workplaces: list('Deichman Bjørvika, Deichman Tøyen, Deichman Stovner'),
  },
  {
    agency: 'Utdanningsetaten',
    unit: 'Skoleplass og inntak',
    weight: 14,
    titles: list('inntakskonsulent, pedagogisk rådgiver, rektor, seniorrådgiver'),
    keywords: list(
      'skolestart, innskriving, skolebytte, videregående inntak, fagopplæring, lærlingplass, AKS, skoleskyss, permisjon fra skolen, norskprøve',
    ),
    workplaces: list('Grensesvingen 6'),
  },
  {
    agency: 'Utdanningsetaten',
    unit: 'Pedagogisk-psykologisk tjeneste',
    weight: 8,
    titles: list('PP-rådgiver, logoped, psykolog, spesialpedagog'),
    keywords: list('dysleksi, spesialundervisning, sakkyndig vurdering, logopedhjelp, skolevegring, tegnspråk'),
    workplaces: list('Grensesvingen 6'),
  },
  {
    agency: 'Bymiljøetaten',
    unit: 'Parkering',
    weight: 12,
    titles: list('trafikkbetjent, saksbehandler, parkeringsrådgiver'),
    keywords: list(
      'beboerparkering, parkeringsbot, klage på gebyr, HC-parkering, elbillading, borttauing, sommervedlikehold, piggdekkgebyr',
    ),
    workplaces: list('Karvesvingen 3'),
  },
  {
    agency: 'Bymiljøetaten',
    unit: 'Vei og vinterdrift',
    weight: 10,
    titles: list('driftsingeniør, byggeleder, kontrollingeniør'),
    keywords: list('snøbrøyting, strøing, hull i veien, gatelys, fortau, sykkelvei, gravetillatelse, trær, Bymeldinger'),
    workplaces: list('Karvesvingen 3, Ryen driftssentral'),
  },
  {
    agency: 'Bymiljøetaten',
    unit: 'Friluft og idrett',
    weight: 7,
    titles: list('naturforvalter, idrettskonsulent, parkforvalter, badevakt'),
    keywords: list('skiløyper, badeplasser, kunstgress, utleie av idrettshall, hundepark, turstier, fiskekort, kolonihage'),
    workplaces: list('Karvesvingen 3, Frognerbadet, Tøyenbadet'),
  },
  {
    agency: 'Vann- og avløpsetaten',
    unit: 'Kundeservice vann',
    weight: 9,
    titles: list('rørlegger, kundekonsulent, driftsoperatør, sivilingeniør'),
    keywords: list(
      'vannlekkasje, vannmåler, tett avløp, kokevarsel, vanngebyr, stoppekran, rotter, rørleggermelding, vanntrykk',
    ),
    workplaces: list('Herslebs gate 5, Oset'),
  },
  {
    agency: 'Næringsetaten',
    unit: 'Skjenkekontoret',
    weight: 4,
    titles: list('skjenkekontrollør, rådgiver, jurist'),
    keywords: list('skjenkebevilling, salgsbevilling, ambulerende bevilling, kunnskapsprøve, uteservering, tobakksalg'),
    workplaces: list('Storgata 51'),
  },
  {
    agency: 'Gravferdsetaten',
    unit: 'Kirkegårder',
    weight: 4,
    titles: list('gartner, gravlundsarbeider, konsulent'),
    keywords: list('festeavgift, gravsted, kremasjon, minnelund, askespredning, gravstein'),
    workplaces: list('Akersbakken 32, Alfaset'),
  },
  {
    agency: 'Brann- og redningsetaten',
    unit: 'Forebyggende avdeling',
    weight: 6,
    titles: list('feier, branningeniør, tilsynsfører'),
    keywords: list('feiing, brannsikkerhet, bålforbud, røykvarsler, piperehabilitering, branntilsyn, fyrverkeri'),
    workplaces: list('Hovedbrannstasjonen, Bryn brannstasjon'),
  },
  {
    agency: 'Helseetaten',
    unit: 'Legevakten',
    weight: 12,
    titles: list('lege, sykepleier, helsesekretær, psykiatrisk sykepleier'),
    keywords: list('legevakt, fastlege, overgrepsmottak, tannlegevakt, ruskonsulent, smittevern, syning av sår'),
    workplaces: list('Storgata 40, Aker legevakt'),
  },
  {
    agency: 'Sykehjemsetaten',
    unit: 'Langtidshjem',
    weight: 18,
    titles: list('sykepleier, helsefagarbeider, institusjonssjef, kokk, aktivitør'),
    keywords: list('sykehjem, vederlag, pårørende, demensavdeling, pasienttransport, besøkstid, velferdstilbud'),
    workplaces: list('Økernhjemmet, Ullevålshjemmet, Lambertseterhjemmet, Ammerudhjemmet'),
  },
  {
    agency: 'Velferdsetaten',
    unit: 'Rusomsorg',
    weight: 7,
    titles: list('ruskonsulent, miljøarbeider, vernepleier'),
    keywords: list('rusmestring, feltpleie, overdoseforebygging, substitusjonsbehandling, booppfølging, pårørendestøtte'),
    workplaces: list('Storgata 36'),
  },
  {
    agency: 'Utviklings- og kompetanseetaten',
    unit: 'IKT brukerstøtte',
    weight: 8,
    titles: list('systemkonsulent, brukerstøttekonsulent, nettverksingeniør'),
    keywords: list('passord, BankID, innlogging, e-postkonto, skjermproblemer, telefoni, fjernkontor'),
    workplaces: list('Fyrstikkalléen 1'),
  },
  {
    agency: 'Utviklings- og kompetanseetaten',
    unit: 'Lønn og regnskap',
    weight: 7,
    titles: list('lønnskonsulent, regnskapskonsulent, controller'),
    keywords: list('faktura, EHF, refusjon, reiseregning, sykepenger, lønnsslipp, feriepenger, pensjon'),
    workplaces: list('Fyrstikkalléen 1'),
  },
  {
    agency: 'Byrådsavdelingene',
    unit: 'Byrådslederens kontor',
    weight: 3,
    titles: list('spesialrådgiver, kommunikasjonsrådgiver, byrådssekretær'),
    keywords: list('pressehenvendelser, innsynskrav, høringsuttalelse, æresbevisning, representasjon, budsjett'),
    workplaces: list('Rådhuset'),
  },
  {
    agency: 'Kommuneadvokaten',
    unit: 'Kommuneadvokaten',
    weight: 2,
    titles: list('kommuneadvokat, advokatfullmektig, sekretær'),
    keywords: list('rettssaker, erstatningskrav, ekspropriasjon, tomtesaker, forliksråd'),
    workplaces: list('Rådhuset, Fridtjof Nansens plass 5'),
  },
  {
    agency: 'Kontaktsenteret',
    unit: 'Førstelinjen 02 180',
    weight: 5,
    titles: list('kundebehandler, teamleder, opplæringsansvarlig'),
    keywords: list('sentralbord, viderekobling, timebestilling, klagemottak, tolk, selvbetjening'),
    workplaces: list('Rådhuset'),
  },
];

const inPlace = (kind: UnitKind, district: string): UnitKind => {
  const put = (text: string) => text.replace('%', district);
  return { ...kind, agency: put(kind.agency), unit: put(kind.unit), workplaces: kind.workplaces.map(put) };
};

/** Every unit of the municipality. */
export const units: readonly UnitKind[] = [
  ...districts.flatMap((district) => inDistrict.map((kind) => inPlace(kind, district))),
  ...central,
];

/** What anybody may be asked about: subject and matter make one compound, as people write them. */
export const subjects = list(
  'barnehage, skole, bolig, parkering, avfalls, vann, skjenke, bygge, helse, omsorgs, kultur, idretts, vei, miljø, nærings, gravplass, brann, skatte, bibliotek, ungdoms, senior, innvandrings, reise, transport, leke plass, støy, energi, klima, arkiv, lærling',
).map((subject) => subject.replace(' ', ''));
export const matters = list(
  'søknader, klager, gebyr, veiledning, tilskudd, kontroll, tillatelser, avtaler, rapporter, regler, frister, skjema, ordning, kort, refusjon, rådgivning, planlegging, statistikk, prosjekter, kurs, registrering, fakturering, oppfølging, innkjøp, beredskap',
);
