import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';

export class LinkIdentityDto {
  @ApiProperty({ description: 'The e-mail address that the provider vouches for, or its own id of the person (`sub`): whichever FIVE_RING_OIDC_CLAIM says.', example: 'ada@example.org' })
  @IsString() @Length(1, 255)
  identity!: string;
}
