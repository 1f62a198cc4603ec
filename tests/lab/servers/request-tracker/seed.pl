# initialdata for rt-setup-database-5: a contact centre's queue, its fields, and who may do what.
use utf8; use strict;
our (@Users, @Groups, @Queues, @CustomFields, @ACL, @Final);

push @Users,
  { Name => 'agent1', RealName => 'Åse Agent', EmailAddress => 'agent1@lab.test', Privileged => 1 },
  { Name => 'agent2', RealName => 'Bård Begrenset', EmailAddress => 'agent2@lab.test', Privileged => 1 },
  { Name => 'reader', RealName => 'Bare Leser', EmailAddress => 'reader@lab.test', Privileged => 1 };
push @Groups,
  { Domain => 'UserDefined', Name => 'Kontaktsenter', Members => { Users => ['agent1', 'agent2'] } },
  { Domain => 'UserDefined', Name => 'Katalog', Members => { Users => ['agent1'] } };
push @Queues,
  { Name => 'Kontaktsenter', Description => 'Henvendelser på telefon', CorrespondAddress => '', CommentAddress => '' },
  { Name => 'Personkatalog', Description => 'Meldinger om katalogen', CorrespondAddress => '', CommentAddress => '' },
  { Name => 'Hemmelig', Description => 'not for agents', CorrespondAddress => '', CommentAddress => '' };
push @CustomFields,
  { Name => 'Merkelapper', Type => 'FreeformMultiple', LookupType => 'RT::Queue-RT::Ticket', Queue => 'Kontaktsenter' },
  { Name => 'KlientId', Type => 'FreeformSingle', LookupType => 'RT::Queue-RT::Ticket', Queue => ['Kontaktsenter', 'Personkatalog'], UniqueValues => 1 };
push @ACL,
  map({ { GroupDomain => 'UserDefined', GroupId => 'Kontaktsenter', Queue => 'Kontaktsenter', Right => $_ } }
    qw(SeeQueue CreateTicket ShowTicket ShowTicketComments CommentOnTicket ReplyToTicket ModifyTicket OwnTicket SeeCustomField ModifyCustomField)),
  map({ { GroupDomain => 'UserDefined', GroupId => 'Kontaktsenter', Queue => 'Personkatalog', Right => $_ } }
    qw(SeeQueue CreateTicket ShowTicket ShowTicketComments CommentOnTicket SeeCustomField ModifyCustomField)),
  # agent1 may read telephone fields; agent2 may only search by them.
  { GroupDomain => 'UserDefined', GroupId => 'Katalog', Right => 'AdminUsers' },
  map({ { UserId => 'reader', Queue => 'Kontaktsenter', Right => $_ } } qw(SeeQueue ShowTicket ShowTicketComments SeeCustomField));
push @Final, sub {
  open my $file, '>', $ENV{SAMBAND_TOKENS} or die $!;
  for my $name (qw(agent1 agent2 reader)) {
    my $user = RT::User->new(RT->SystemUser); $user->Load($name);
    my ($ok, $msg, $auth) = RT::AuthToken->new(RT->SystemUser)->Create(Owner => $user->Id, Description => 'lab');
    die "token: $msg" unless $ok;
    print $file "$name $auth\n";
  }
  close $file;
  my $field = RT::CustomField->new(RT->SystemUser); $field->LoadByCols(Name => 'KlientId'); $field->SetUniqueValues(1);
};
1;
